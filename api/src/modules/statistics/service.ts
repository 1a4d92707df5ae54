import type { OfferingPage } from '@berth/shared/offerings/schemas';
import { STATISTICS_DAYS, type Statistics } from '@berth/shared/offerings/statistics';
import { DAY_MS, isoAt } from '@berth/shared/time';
import type { ReadCtx } from '../../context.ts';
import { accountOf, type AccountActor, type Actor } from '../../lib/actor.ts';
import { listRequests, listSaves, listViewDays } from './repo.ts';
import { getOffering, getOwnRow } from '../catalogue/index.ts';

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

const secondsBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 1_000);

/** Of an even number the later one: nobody waited less than what is said. */
const medianOf = (times: readonly number[]): number | null =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? null;
