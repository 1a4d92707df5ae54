import type { WriteCtx } from '../../context.ts';
import { ensureAccount } from '../accounts/index.ts';
import type { Outcome } from '../contracts/index.ts';
import { importChainOfferings, type ChainPlace } from '../offerings/index.ts';

/** Takes a provider's file of offerings, whole: rows that cannot be read are named and left out. */
export async function takeOfferings(
  ctx: WriteCtx,
  key: string,
  place: ChainPlace,
  _csv: Uint8Array,
): Promise<Outcome> {
  const account_id = await ensureAccount(ctx, key);
  const notes = await importChainOfferings(ctx, { account_id, key }, place, []);
  return outcomeOf(notes);
}

/** The provider has taken its file back: its offerings go. */
export async function deleteOfferings(
  ctx: WriteCtx,
  key: string,
  place: ChainPlace,
): Promise<Outcome> {
  const account_id = await ensureAccount(ctx, key);
  return outcomeOf(await importChainOfferings(ctx, { account_id, key }, place, []));
}

const outcomeOf = (notes: readonly string[]): Outcome => ({
  status: 'applied',
  reason: notes.length === 0 ? null : notes.join('; '),
});
