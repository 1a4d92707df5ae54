import { payableOf } from '@berth/shared/ledger/accounts';
import {
  MONTHS_SHOWN,
  PARTS_SHOWN,
  type monthsQuery,
  type monthsView,
} from '@berth/shared/ledger/months';
import type { Posting } from '@berth/shared/ledger/postings';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { addEarned, listCurrencies, sumMonths, sumParts } from './repo.ts';

interface Earning {
  renter_id: string;
  provider_id: string;
  offering_id: string;
  currency: string;
}

/** `2026-11` of a time. */
const monthOf = (at: string): string => at.slice(0, '2026-11'.length);

/** Adds what an entry of a contract's earnings posted to this month's sums of both parties. */
export async function countEarned(
  { tx, clock }: Pick<WriteCtx, 'tx' | 'clock'>,
  { renter_id, provider_id, offering_id, currency }: Earning,
  postings: readonly Posting[],
): Promise<void> {
  const to = (account: string) =>
    postings
      .filter((one) => one.account === account)
      .reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n);
  const provider_e9s = to(payableOf(provider_id));
  const renter_e9s = provider_e9s + to('commission');
  if (renter_e9s === 0n) return;
  const row = { currency, month: monthOf(clock.now()), offering_id };
  await addEarned(tx, [
    { ...row, account_id: renter_id, side: 'renter', amount_e9s: renter_e9s },
    { ...row, account_id: provider_id, side: 'provider', amount_e9s: provider_e9s },
  ]);
}

/** The months that are shown, oldest first. */
function monthsUntil(now: string): string[] {
  const first = new Date(`${monthOf(now)}-01T00:00:00.000Z`);
  return Array.from({ length: MONTHS_SHOWN }, (_, at) => {
    const month = new Date(first);
    month.setUTCMonth(month.getUTCMonth() - (MONTHS_SHOWN - 1 - at));
    return monthOf(month.toISOString());
  });
}

/** What was earned under the account's contracts in the last months. */
export async function viewMonths(
  { db, clock }: Pick<ReadCtx, 'db' | 'clock'>,
  actor: AccountActor,
  { side, by, currency: asked }: z.output<typeof monthsQuery>,
): Promise<z.output<typeof monthsView>> {
  const months = monthsUntil(clock.now());
  const since = months[0]!;
  const currencies = await listCurrencies(db, actor, side, since);
  const currency = asked ?? currencies[0] ?? null;
  const nothing = { months: [], parts: [], others: { count: 0, amount_e9s: 0n } };
  if (currency === null) return { currency, currencies, ...nothing };
  const scope = { side, currency, since };
  const sums = await sumMonths(db, actor, scope);
  const { count, parts } = await sumParts(db, actor, scope, { by, limit: PARTS_SHOWN });
  const all_e9s = [...sums.values()].reduce((sum, one) => sum + one, 0n);
  const shown_e9s = parts.reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n);
  return {
    currency,
    currencies,
    months: months.map((month) => ({ month, amount_e9s: sums.get(month) ?? 0n })),
    parts,
    others: { count: count - parts.length, amount_e9s: all_e9s - shown_e9s },
  };
}
