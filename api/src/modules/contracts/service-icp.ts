import { contactKinds, contactRules } from '@berth/shared/accounts/contacts';
import { contactSchema } from '@berth/shared/accounts/schemas';
import { MEMO_MAX, requestPart } from '@berth/shared/contracts/schemas';
import { readContractRequest } from '@berth/shared/icp/contract-request';
import { importRequestData, type IcpMark } from '@berth/shared/icp/statements';
import { lineFrom, paragraphFrom } from '@berth/shared/icp/words';
import { readSshPublicKey } from '@berth/shared/ssh-key';
import { findBase64 } from '@berth/shared/signing/bytes';
import type { AnyStatement } from '@berth/shared/signing/statement';
import type * as z from 'zod';

type RequestPart = z.output<typeof requestPart>;

/** What a contract's view shows of the chain it came from; null where it began here. */
export function icpOf(first: AnyStatement): { mark: IcpMark; request: RequestPart | null } | null {
  const read = first.action === 'import' ? importRequestData.safeParse(first.data) : null;
  if (!read?.success) return null;
  const { block_offset, block_hash, entry, payload } = read.data;
  return { mark: { block_offset, block_hash, entry }, request: requestIn(payload) };
}

/** What the renter wrote for the provider; a key or contact that cannot be read joins the memo. */
function requestIn(payload: string): RequestPart | null {
  const bytes = findBase64(payload);
  const read = bytes && readContractRequest(bytes);
  if (!read?.ok) return null;
  const { ssh_public_key, contact: said, memo } = read.value;
  const contact = contactIn(said);
  const key = readSshPublicKey(ssh_public_key);
  const lost =
    key.ok || ssh_public_key.trim() === '' ? '' : `\nSSH key: ${lineFrom(ssh_public_key, 200)}`;
  const rest = said.trim() === '' || contact !== null ? '' : `\nContact: ${lineFrom(said, 200)}`;
  const part = requestPart.safeParse({
    ssh_public_key: key.ok ? key.key.public_key : null,
    contact,
    memo: paragraphFrom(memo + lost + rest, MEMO_MAX),
  });
  return part.success ? part.data : null;
}

/** Those whose values could be nothing else. */
const tellingKinds = contactKinds.filter((kind) => kind !== 'discord');

/** `matrix:@ann:example.org` or a bare address whose kind shows. */
function contactIn(text: string): RequestPart['contact'] {
  const [, named, rest] = /^\s*(\w+)\s*:\s*(.+)$/s.exec(text) ?? [];
  const named_kind = contactKinds.find((kind) => kind === named?.toLowerCase());
  const kind =
    named_kind ?? tellingKinds.find((one) => contactRules[one].pattern.test(text.trim()));
  const value = named_kind === undefined ? text : rest;
  const parsed = contactSchema.safeParse({ kind, value });
  return parsed.success ? parsed.data : null;
}
