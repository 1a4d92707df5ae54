import type * as z from 'zod';
import { earnedByDay, type Ran } from '@berth/shared/contracts/earned';
import { PROVIDER_DAYS, type providerDaysReply } from '@berth/shared/contracts/schemas';
import type { Currency } from '@berth/shared/money';
import { termsSchema, type OfferingPage } from '@berth/shared/offerings/schemas';
import { STATISTICS_DAYS, type Statistics } from '@berth/shared/offerings/statistics';
import type { Rate } from '@berth/shared/price';
import { DAY_MS, isoAt, SECOND_MS } from '@berth/shared/time';
import { pausesIn } from '../../db/contract-rows.ts';
import type { ReadCtx } from '../../context.ts';
import { accountOf, type AccountActor, type Actor } from '../../lib/actor.ts';
import { shownOf } from '../../lib/shown.ts';
import { listRan, listRequests, listSaves, listUnitChanges, listViewDays } from './repo.ts';
import { getOffering, getOwnRow, mapAnyTerms } from '../catalogue/index.ts';

const DAY_LENGTH = 'YYYY-MM-DD'.length;
export const dayOf = (at: string): string => at.slice(0, DAY_LENGTH);

/** Shows an offering, and counts the look where it is not its provider's; `from` is an address. */
export async function lookAt(
  ctx: Pick<ReadCtx, 'db' | 'clock' | 'views'>,
  actor: Actor,
  id: string,
  from: string,
): Promise<OfferingPage> {
  const offering = await getOffering(ctx, actor, id);
  const account_id = accountOf(actor);
  if (account_id !== offering.provider.id) ctx.views.count(id, account_id ?? from);
  return offering;
}

/** How one's own offering does: by day, and in all of these days. */
export async function getStatistics(
  { db, clock }: Pick<ReadCtx, 'db' | 'clock'>,
  actor: AccountActor,
  id: string,
): Promise<Statistics> {
  const row = await getOwnRow(db, actor, id);
  const names = Array.from({ length: STATISTICS_DAYS }, (_, ago) =>
    dayOf(isoAt(clock.nowMs() - ago * DAY_MS)),
  ).reverse();
  const [first = ''] = names;
  const [viewed, saved, requests] = await Promise.all([
    listViewDays(db, row, first),
    listSaves(db, row, first),
    listRequests(db, row, first),
  ]);
  const views = new Map(viewed.map((row) => [row.day, row.views]));
  const days = names.map((day) => {
    const asked = requests.filter(({ requested_at }) => dayOf(requested_at) === day);
    const accepted = asked.filter((request) => request.accepted === 1).length;
    const saves = saved.filter(({ saved_at }) => dayOf(saved_at) === day).length;
    return { day, views: views.get(day) ?? 0, saves, requests: asked.length, accepted };
  });
  const times = requests.flatMap(({ requested_at, replied_at }) =>
    replied_at === null ? [] : [secondsBetween(requested_at, replied_at)],
  );
  const sum = (name: 'views' | 'saves' | 'requests' | 'accepted') =>
    days.reduce((total, day) => total + day[name], 0);
  return {
    days,
    totals: {
      views: sum('views'),
      saves: sum('saves'),
      requests: sum('requests'),
      accepted: sum('accepted'),
      answered: times.length,
      median_response_s: medianOf(times),
    },
  };
}

type Ended = Awaited<ReturnType<typeof listRan>>[number];

/** Values of one `in (…)`. */
const HASHES_AT_ONCE = 500;

/** The rates of what ran, each of its terms read once; it throws for those that are not there. */
async function ratesOf(db: ReadCtx['db'], rows: readonly Ended[]): Promise<(row: Ended) => Rate> {
  const hashes = [...new Set(rows.map(({ terms_hash }) => terms_hash))];
  const rates = new Map<string, Rate>();
  for (let from = 0; from < hashes.length; from += HASHES_AT_ONCE) {
    for (const [hash, text] of await mapAnyTerms(db, hashes.slice(from, from + HASHES_AT_ONCE))) {
      rates.set(hash, rateTerms.parse(JSON.parse(text)));
    }
  }
  return ({ terms_hash }) => {
    const rate = rates.get(terms_hash);
    if (rate === undefined) throw new Error(`The terms ${terms_hash} are not there`);
    return rate;
  };
}

const rateTerms = termsSchema.pick({ price_e9s: true, unit: true, setup_fee_e9s: true });

function ranOf(row: Ended, rate: Rate): Ran {
  const { active_at } = row;
  if (active_at === null) throw new Error('It never ran');
  return { ...row, rate, active_at, pauses: pausesIn(row) };
}

/** Units that were put up at the end of each day. */
function unitsByDay(
  names: readonly string[],
  changes: readonly { day: string; change: number }[],
): number[] {
  let [units, at] = [0, 0];
  return names.map((name) => {
    for (let next = changes[at]; next !== undefined && next.day <= name; next = changes[at]) {
      units += Number(next.change);
      at += 1;
    }
    return Math.max(0, units);
  });
}

/**
 * What the provider's contracts earned by day, by their logs' times, and how much of its units was
 * rented. A unit that is rented counts among all units also where its offering was put away.
 */
export async function getProviderDays(
  { db, clock, log }: Pick<ReadCtx, 'db' | 'clock' | 'log'>,
  actor: AccountActor,
): Promise<z.output<typeof providerDaysReply>> {
  const now_ms = clock.nowMs();
  const from_ms = Date.parse(dayOf(isoAt(now_ms - (PROVIDER_DAYS - 1) * DAY_MS)));
  const names = Array.from({ length: PROVIDER_DAYS }, (_, day) =>
    dayOf(isoAt(from_ms + day * DAY_MS)),
  );
  const [rows, changes] = await Promise.all([
    listRan(db, actor, isoAt(from_ms)),
    listUnitChanges(db, actor),
  ]);
  const rateIn = await ratesOf(db, rows);
  const contracts = shownOf(log, rows, (row) => ranOf(row, rateIn(row)));
  const units = unitsByDay(names, changes);
  const sums = earnedByDay(contracts, { from_ms, count: PROVIDER_DAYS, now_ms });
  return {
    days: sums.map(({ earned, rented_ms }, at) => {
      const length_ms = Math.min(DAY_MS, now_ms - from_ms - at * DAY_MS);
      const rented_s = Math.round(rented_ms / SECOND_MS);
      const offered_s = Math.round(((units[at] ?? 0) * length_ms) / SECOND_MS);
      return {
        day: names[at] ?? '',
        earned: [...earned]
          .filter(([, amount_e9s]) => amount_e9s !== 0n)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([currency, amount_e9s]) => ({ currency: currency as Currency, amount_e9s })),
        rented_s,
        offered_s: Math.max(offered_s, rented_s),
        units: units[at] ?? 0,
      };
    }),
  };
}

const secondsBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 1_000);

/** Of an even number the later one: nobody waited less than what is said. */
const medianOf = (times: readonly number[]): number | null =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? null;
