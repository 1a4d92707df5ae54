import * as z from 'zod';
import { hex64, idOf, lineText, signatureHex } from '../fields.ts';
import { importReplyData, importRequestData } from '../icp/statements.ts';
import { paysByNames } from '../pays-by.ts';
import { currencies } from '../money.ts';
import { TAG_MAX } from '../offerings/schemas.ts';
import { authorityOf, authoritySchema } from '../signing/authority.ts';
import { autoAcceptRule } from '../signing/auto-accept.ts';
import { signedDelegationSchema } from '../signing/delegation.ts';
import type { ContractAction } from './machine.ts';
import { MAX_HOURS } from '../price.ts';

const NONCE_PATTERN = /^[0-9a-f]{32}$/;

const amountText = z.string().regex(/^(0|[1-9]\d{0,18})$/, 'Must be whole e9s as decimal text');
const hours = z.int().min(1).max(MAX_HOURS);

/** What is chosen of the terms: a tag as they name it. */
const choices = z.strictObject({ operating_system: lineText(1, TAG_MAX) });
const nothing = z.strictObject({});
const ending = z.strictObject({ refund_e9s: amountText });
/** Why, by `faults.ts`; left out as it was before there were codes. */
const early = ending.extend({ fault: z.int().exactOptional() });
const delivery = z.strictObject({ envelope_digest: hex64, recipient_key: hex64 });
const signedRule = { rule: autoAcceptRule, rule_signature: signatureHex, rule_key: hex64 };

/** What each statement's `data` holds, by `dataKindOf`; `statement-rules.ts` says what is right. */
export const statementData = {
  request: z.strictObject({
    offering_id: idOf('offering'),
    terms_hash: hex64,
    renter: hex64,
    provider: hex64,
    hours,
    total_e9s: amountText,
    currency: z.enum(currencies),
    nonce: z.string().regex(NONCE_PATTERN),
    /** Left out where nothing is open, as it was before there were choices. */
    choices: choices.exactOptional(),
    /** Left out where the total is paid at once, or elsewhere. */
    pays_by: z.enum(paysByNames).exactOptional(),
  }),
  submit: nothing,
  import_request: importRequestData,
  import_reply: importReplyData,
  accept: z.strictObject({
    terms_hash: hex64,
    hours,
    total_e9s: amountText,
    currency: z.enum(currencies),
    choices: choices.exactOptional(),
  }),
  accept_by_rule: z.strictObject({ ...signedRule, rule_authority: authoritySchema }),
  reject: ending,
  start_provisioning: nothing,
  mark_provisioned: delivery,
  activate: nothing,
  suspend: nothing,
  resume: nothing,
  complete: ending,
  cancel: early,
  expire: ending,
  fail: early,
  /** `accepts` names the hash of the other party's extension entry; null proposes one. */
  extend: z.strictObject({ hours, extra_e9s: amountText, accepts: hex64.nullable() }),
  open_credentials: z.strictObject({ envelope_digest: hex64 }),
  rotate_credentials: delivery,
  message: nothing,
} as const satisfies Partial<Record<ContractAction, z.ZodType>> & Record<string, z.ZodType>;

export type DataKind = keyof typeof statementData;
export type DataOf<K extends DataKind> = z.output<(typeof statementData)[K]>;

/** Which kind of data a statement has: two actions say different things by whom they are made. */
export function dataKindOf(action: ContractAction, role: string, seq: number): DataKind {
  if (action === 'import') return seq === 0 ? 'import_request' : 'import_reply';
  return action === 'accept' && role === 'system' ? 'accept_by_rule' : action;
}

/** What v1 statements said otherwise, brought to today's form; an acceptance said nothing. */
export const statementDataV1 = {
  accept: nothing,
  accept_by_rule: z
    .strictObject({ ...signedRule, rule_delegation: signedDelegationSchema.nullable() })
    .transform(({ rule_delegation, ...rest }) => ({
      ...rest,
      rule_authority: authorityOf(rule_delegation),
    })),
} as const satisfies Partial<Record<DataKind, z.ZodType>>;
