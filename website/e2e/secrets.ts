import { accountSecretOf } from '@berth/shared/signing/phrase';
import { encryptionSecretOf } from '@berth/shared/signing/keys';
import type { Page } from '@playwright/test';

/** How a phrase or the secrets it gives could be written down. */
export function tracesOf(words: readonly string[]): string[] {
  const secret = accountSecretOf(words.join(' '));
  const secrets = [secret, encryptionSecretOf(secret).secret].map((bytes) => Buffer.from(bytes));
  const pairs = words.slice(1).flatMap((word, at) => {
    const before = words[at] ?? '';
    return [' ', '+', '%20', ',', '","', '\\n', '\n'].map((between) => before + between + word);
  });
  return [
    ...pairs,
    ...secrets.flatMap((bytes) => [
      bytes.toString('hex'),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
      [...bytes].join(','),
    ]),
  ];
}

/** Everything that leaves a page, as text, from now on. */
export function listenTo(page: Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    sent.push(request.url(), request.postData() ?? '', JSON.stringify(request.headers()));
  });
  return sent;
}

interface KeptKey {
  algorithm: string;
  usages: string[];
  /** Whether reading it out was refused. */
  is_refused: boolean;
}

interface Kept {
  /** All storage a page can read, as text; bytes as numbers. */
  text: string;
  /** The WebCrypto keys in IndexedDB. */
  keys: KeptKey[];
}

/** What a page keeps: local and session storage, readable cookies, each IndexedDB's records. */
export const readStorage = (page: Page): Promise<Kept> =>
  page.evaluate(async () => {
    const keys: KeptKey[] = [];
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('IndexedDB refused'));
      });

    const canRead = async (key: CryptoKey) => {
      for (const format of ['raw', 'pkcs8', 'jwk'] as const) {
        try {
          await crypto.subtle.exportKey(format, key);
          return true;
        } catch {
          // Refused, as it should be.
        }
      }
      return false;
    };

    const textOf = async (value: unknown): Promise<string> => {
      if (value instanceof CryptoKey) {
        const { algorithm, usages } = value;
        keys.push({ algorithm: algorithm.name, usages, is_refused: !(await canRead(value)) });
        return '[key]';
      }
      if (value instanceof ArrayBuffer) return [...new Uint8Array(value)].join(',');
      if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer)].join(',');
      if (value === null || typeof value !== 'object') return String(value);
      const parts = [];
      for (const [name, item] of Object.entries(value))
        parts.push(`${name}: ${await textOf(item)}`);
      return parts.join('\n');
    };

    const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll() as IDBRequest<
          unknown[]
        >;
        for (const record of await done(all)) found.push(await textOf(record));
      }
      database.close();
    }
    return { text: found.join('\n'), keys };
  });
