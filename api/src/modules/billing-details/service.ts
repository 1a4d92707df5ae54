import type { detailsInput, detailsView, VatCheck } from '@berth/shared/papers/schemas';
import { isInEu, type TaxSide } from '@berth/shared/papers/tax';
import { readVatId } from '@berth/shared/papers/vat-ids';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { lockAccount } from '../../db/accounts.ts';
import { wantEffect } from '../../db/effects.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { findDetails, saveDetails, type DetailsRow } from './repo.ts';

type View = z.output<typeof detailsView>;

function checkOf({ vat_id, vat_valid }: DetailsRow): VatCheck {
  if (vat_id === null) return 'none';
  if (vat_valid === null) return 'unchecked';
  return vat_valid === 1 ? 'valid' : 'invalid';
}

/** How an account is taxed: a VAT id that the register does not know is none. */
export const taxSideOf = (row: DetailsRow | null): TaxSide => ({
  country: row?.country ?? null,
  vat_id: row?.vat_valid === 0 ? null : (row?.vat_id ?? null),
});

export async function viewDetails({ db }: Pick<ReadCtx, 'db'>, actor: AccountActor): Promise<View> {
  const row = await findDetails(db, actor);
  return { details: row && { ...row, vat_check: checkOf(row) } };
}

/** Says who an account is on invoices from now on; those that were issued stay as they are. */
export async function setDetails(
  ctx: Pick<WriteCtx, 'tx' | 'clock'>,
  actor: AccountActor,
  { vat_id: typed, ...input }: z.output<typeof detailsInput>,
): Promise<View> {
  const { tx, clock } = ctx;
  await lockAccount(tx, actor);
  const account_id = actor.acting_for;
  const vat_id = typed === '' ? null : readVatId(typed, input.country);
  const before = await findDetails(tx, actor);
  const vat_valid = before?.vat_id === vat_id ? before.vat_valid : null;
  await saveDetails(tx, { account_id, ...input, vat_id, vat_valid, set_at: clock.now() });
  // What the register did not have may be in it by now; until it says so, it counts as before.
  if (vat_id !== null && vat_valid !== 1 && isInEu(input.country)) {
    await wantEffect(tx, 'vat.check', { account_id, vat_id }, clock.now());
  }
  return viewDetails({ db: tx }, actor);
}
