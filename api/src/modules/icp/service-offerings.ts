import type { WriteCtx } from '../../context.ts';
import { ensureAccount } from '../accounts/index.ts';
import type { Outcome } from '../contracts/index.ts';
import { importIcpOfferings, type IcpPlace } from '../icp-offerings/index.ts';
import { readIcpCsv } from '../../files/icp-csv.ts';

/** Takes a provider's file of offerings; what cannot be read of it is named and left out. */
export async function takeOfferings(
  ctx: WriteCtx,
  key: string,
  place: IcpPlace,
  csv: Uint8Array,
): Promise<Outcome> {
  const { offerings, errors } = readIcpCsv(csv);
  const whole = errors.find(({ row }) => row === 0);
  if (whole !== undefined) return { status: 'refused', reason: whole.message };
  const acting_for = await ensureAccount(ctx, key);
  const left = errors.map(({ row, field, message }) =>
    [`row ${row}`, field, message].filter((part) => part !== '').join(': '),
  );
  const notes = await importIcpOfferings(ctx, { acting_for, key }, place, offerings);
  return outcomeOf([...left, ...notes]);
}

/** The provider has taken its file back: its offerings go. */
export async function deleteOfferings(
  ctx: WriteCtx,
  key: string,
  place: IcpPlace,
): Promise<Outcome> {
  const acting_for = await ensureAccount(ctx, key);
  return outcomeOf(await importIcpOfferings(ctx, { acting_for, key }, place, []));
}

const outcomeOf = (notes: readonly string[]): Outcome => ({
  status: 'applied',
  reason: notes.length === 0 ? null : notes.join('; '),
});
