import type { EntryView } from '@berth/shared/contracts/schemas';

interface SignedPayload {
  /** Base64, as the log keeps it. */
  payload: string;
  bytes: number;
  signature: string;
}

const BASE64_CHARS = 4;
const BASE64_BYTES = 3;

/** What an imported entry's author signed on the chain; null for an entry that was made here. */
export function payloadOf(entry: EntryView): SignedPayload | null {
  if (entry.action !== 'import') return null;
  const { payload, signature } = entry.data;
  if (typeof payload !== 'string' || typeof signature !== 'string') return null;
  const padding = /=*$/.exec(payload)?.[0].length ?? 0;
  return { payload, signature, bytes: (payload.length / BASE64_CHARS) * BASE64_BYTES - padding };
}
