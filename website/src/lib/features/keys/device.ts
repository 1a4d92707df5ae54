import type { AccountView } from '@berth/shared/accounts/schemas';
import { problem } from '@berth/shared/problems';
import type { SignedDelegation } from '@berth/shared/signing/delegation';

/**
 * What this browser remembers of the one account it is signed in to. Both private keys are
 * WebCrypto keys that cannot be read out; everything else is public.
 */
export interface Device {
  account: Pick<AccountView, 'id' | 'handle' | 'display_name'>;
  account_key: string;
  device_key: string;
  private_key: CryptoKey;
  encryption_key: string;
  encryption_secret: CryptoKey;
  delegation: SignedDelegation;
  session_expires_at: string;
}

const DATABASE = 'berth';
/** Raised with the shape of what is remembered; what is older is forgotten. */
const VERSION = 2;
const STORE = 'device';
const THIS = 'this';
const TRIED = 'tried';

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(unreadable());
  });

const unreadable = () =>
  problem(
    'service.error',
    'This browser does not let Berth keep a key. Allow it to store data for this site, or use ' +
      'another browser.',
  );

/** Whatever a browser has against it, at once or later, is told in one sentence. */
const withStore = <T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> =>
  useStore(mode, use).catch(() => {
    throw unreadable();
  });

async function useStore<T>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open(DATABASE, VERSION);
  opening.onupgradeneeded = () => {
    const { result } = opening;
    if (result.objectStoreNames.contains(STORE)) result.deleteObjectStore(STORE);
    result.createObjectStore(STORE);
  };
  const database = await settled(opening);
  try {
    const transaction = database.transaction(STORE, mode);
    const committed = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(unreadable());
    });
    const result = await settled(use(transaction.objectStore(STORE)));
    // A page that is left in between would undo it.
    await committed;
    return result;
  } finally {
    database.close();
  }
}

/** What this browser remembers; null when it remembers nobody. */
export async function findDevice(): Promise<Device | null> {
  const found: unknown = await withStore('readonly', (store) => store.get(THIS));
  return (found as Device | undefined) ?? null;
}

/** What this browser remembers. Throws where it holds no key. */
export async function getDevice(): Promise<Device> {
  const device = await findDevice();
  if (device !== null) return device;
  throw problem(
    'delegation.invalid',
    'This browser no longer holds your key. Sign in with your recovery phrase, then try again.',
  );
}

/** Remembers a device in the place of the one before. */
export async function saveDevice(device: Device): Promise<void> {
  await withStore('readwrite', (store) => store.put(device, THIS));
}

/** Changes what is remembered, unless it was forgotten or replaced in the meantime. */
export async function changeDevice(device: Device, change: Partial<Device>): Promise<void> {
  const present = await findDevice();
  if (present?.device_key === device.device_key) await saveDevice({ ...present, ...change });
}

/** Whether a key that is kept is there again: a private window may keep everything but keys. */
export async function canKeep(key: CryptoKey): Promise<boolean> {
  try {
    await withStore('readwrite', (store) => store.put(key, TRIED));
    const kept: unknown = await withStore('readonly', (store) => store.get(TRIED));
    await withStore('readwrite', (store) => store.delete(TRIED));
    return kept instanceof CryptoKey;
  } catch {
    return false;
  }
}

export async function forgetDevice(): Promise<void> {
  await withStore('readwrite', (store) => store.delete(THIS));
}
