import { canonical } from '../canonical.ts';

/** What a key may sign; the kind is part of the text, so no signature fits two kinds. */
export type SignedKind =
  | 'statement'
  | 'delegation'
  | 'auto-accept'
  | 'key-link'
  | 'key-removal'
  | 'key-restoration'
  | 'device-revocation'
  | 'encryption-key'
  | 'service-key';

/** The text signed for an object: `berth/<kind>/v<n>`, a newline, canonical JSON (RFC 8785). */
export const signingInput = (kind: SignedKind, object: object, version = 1): string =>
  `berth/${kind}/v${version}\n${canonical(object)}`;
