import { accounts } from '@berth/shared/accounts/endpoints';
import { isProblem, type ProblemCode } from '@berth/shared/problems';
import { signWithDevice } from '@berth/shared/signing/device';
import { call } from '#lib/api.ts';
import { getChallenge } from './challenge.ts';
import { serverClock } from './clock.ts';
import { changeDevice, findDevice, forgetDevice, type Device } from './device.ts';

const RENEW_BEFORE_MS = 5 * 60_000;
const TRY_AGAIN_MS = 30_000;
/** Answers after which this browser's key is good for nothing. */
const ENDED: readonly ProblemCode[] = [
  'account.not_found',
  'delegation.expired',
  'delegation.invalid',
  'delegation.revoked',
];

/** `no-device` and `removed`: only the recovery phrase helps. */
export type Renewal = 'renewed' | 'no-device' | 'removed';

let renewing: Promise<Renewal> | null = null;

/**
 * Opens a new session with this browser's key, without a question; one at a time. Throws where the
 * service cannot be reached.
 */
export function renewSession(): Promise<Renewal> {
  renewing ??= renewOnce().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renewOnce(): Promise<Renewal> {
  const device = await findDevice();
  if (device === null) return 'no-device';
  try {
    const session_expires_at = await openSession(device);
    await changeDevice(device, { session_expires_at });
    return 'renewed';
  } catch (error) {
    if (!isProblem(error) || !ENDED.includes(error.problem.code)) throw error;
    await forgetDevice();
    return 'removed';
  }
}

async function openSession({ device_key, private_key }: Device): Promise<string> {
  const { nonce, text } = await getChallenge(device_key);
  const { expires_at } = await call(accounts.signIn, {
    body: {
      key: device_key,
      nonce,
      signature: await signWithDevice(private_key, text),
      transport: 'cookie',
    },
  });
  return expires_at;
}

/**
 * Keeps the session that ends at `expires_at` (ISO) open for as long as the page is: renews it
 * shortly before, unless another tab has. Answers how to stop.
 */
export function keepSession(expires_at: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  const plan = (wait_ms: number) => {
    if (!isStopped) timer = setTimeout(() => void run(), Math.max(TRY_AGAIN_MS, wait_ms));
  };
  const planFor = async (ends_at: string) => {
    const now_ms = (await serverClock())();
    plan(Date.parse(ends_at) - now_ms - RENEW_BEFORE_MS);
  };
  const run = async () => {
    try {
      await navigator.locks.request('berth-session', () => renewUnlessDone());
    } catch {
      plan(TRY_AGAIN_MS);
    }
  };
  const renewUnlessDone = async () => {
    const now_ms = (await serverClock())();
    const before = await findDevice();
    const isDone = Date.parse(before?.session_expires_at ?? '') - now_ms > RENEW_BEFORE_MS;
    if (!isDone && (await renewSession()) !== 'renewed') return;
    const after = await findDevice();
    if (after) await planFor(after.session_expires_at);
  };

  planFor(expires_at).catch(() => plan(TRY_AGAIN_MS));
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
