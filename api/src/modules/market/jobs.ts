import { isEnded, type ContractState } from '@berth/shared/contracts/machine';
import type { Unit } from '@berth/shared/price';
import { HISTORY_DAYS } from '@berth/shared/market/schemas';
import type { Currency } from '@berth/shared/money';
import { DAY_MS, isoAt } from '@berth/shared/time';
import type { Deps, WriteCtx } from '../../context.ts';
import { insertStreamEvents } from '../../db/stream-events.ts';
import { SEARCH_INDEX } from '../../lib/hub.ts';
import type { Topics } from '../../lib/topics.ts';
import {
  deletePassed,
  endPoint,
  findAnyStanding,
  hasAnyPassed,
  savePoint,
  type Point,
  findAnyFact,
  getAnyEntry,
  getAnyMedian,
  hasAnyCompleted,
  listPublicRecords,
  saveFact,
  saveRecord,
  type ContractFact,
  type RecordRow,
} from './repo.ts';

/** Points that one sweep erases, in a few ms; the next one goes on: 4 million a day. */
const SWEEP_LIMIT = 50;
const NO_NEWS: readonly string[] = [];
/** A request before its provider is asked. */
const UNPAID: ContractState = 'requested';

/** Keeps the point of an offering's history that a change begins, where it begins one. */
export async function keepPoint(
  { tx }: WriteCtx,
  news: Topics['offering.changed'],
): Promise<readonly string[]> {
  const before = await findAnyStanding(tx, news.offering_id);
  const said = {
    price_e9s: BigInt(news.price_e9s),
    unit: news.unit as Unit,
    setup_fee_e9s: BigInt(news.setup_fee_e9s),
    currency: news.currency as Currency,
  };
  if (before === null && !news.shown) return NO_NEWS;
  // What it costs while nobody sees it is nobody's business.
  const point = {
    ...(news.shown || before === null ? said : before),
    offering_id: news.offering_id,
    at: news.at,
    available: news.available ? 1 : 0,
  };
  if (before !== null && isSame(before, point)) return NO_NEWS;
  if (before !== null) await endPoint(tx, before, point.at);
  await savePoint(tx, point);
  return NO_NEWS;
}

const isSame = (a: Point, b: Point): boolean =>
  a.available === b.available &&
  a.price_e9s === b.price_e9s &&
  a.unit === b.unit &&
  a.setup_fee_e9s === b.setup_fee_e9s &&
  a.currency === b.currency;

/** Erases points that had passed when the history began. */
export async function erasePassed({ db, clock, write }: Deps): Promise<number> {
  const before = isoAt(clock.nowMs() - HISTORY_DAYS * DAY_MS);
  if (!(await hasAnyPassed(db, before))) return 0;
  return write(({ tx }) => deletePassed(tx, before, SWEEP_LIMIT));
}

type Entry = Awaited<ReturnType<typeof getAnyEntry>>;

/** Keeps what an answer or an end says of the provider; of a contract each counts once. */
export async function keepRecord(
  { tx, clock }: WriteCtx,
  { contract_id, seq }: Topics['contract.moved'],
): Promise<readonly string[]> {
  const entry = await getAnyEntry(tx, contract_id, seq);
  const { provider_id, renter_id } = entry;
  const before = (await findAnyFact(tx, contract_id)) ?? {
    ...{ contract_id, provider_id, renter_id },
    ...{ answered_at: null, response_s: null, outcome: null },
  };
  const answered = before.answered_at === null && isAnswer(entry);
  const ended = before.outcome === null && isEnded(entry.to_state as ContractState);
  if (!answered && !ended) return NO_NEWS;
  const after: ContractFact = {
    ...before,
    ...(answered && { answered_at: entry.at, response_s: secondsTo(entry) }),
    ...(ended && { outcome: outcomeOf(entry) }),
  };
  const isNewRenter = after.outcome === 'completed' && !(await hasAnyCompleted(tx, after));
  await saveFact(tx, after);
  const record = (await listPublicRecords(tx, [provider_id])).get(provider_id);
  const answers = (record?.answered ?? 0) + (answered ? 1 : 0);
  const next: RecordRow = {
    provider_id,
    renters: (record?.renters ?? 0) + (isNewRenter ? 1 : 0),
    completed: (record?.completed ?? 0) + (ended && after.outcome === 'completed' ? 1 : 0),
    kept: (record?.kept ?? 0) + (ended && after.outcome !== 'broken' ? 1 : 0),
    ended: (record?.ended ?? 0) + (ended ? 1 : 0),
    answered: answers,
    median_response_s: answered
      ? await getAnyMedian(tx, provider_id, answers)
      : (record?.median_response_s ?? null),
  };
  await saveRecord(tx, next);
  if (ended || next.median_response_s !== record?.median_response_s) {
    const news = { account_id: SEARCH_INDEX, topic: 'provider', subject_id: provider_id } as const;
    await insertStreamEvents(tx, [{ ...news, created_at: clock.now() }]);
  }
  return NO_NEWS;
}

/** Who declines what was not paid yet was not asked. */
const isAnswer = ({ action, from_state }: Entry): boolean =>
  action === 'accept' || (action === 'reject' && from_state !== UNPAID);

const secondsTo = ({ requested_at, at }: Entry): number =>
  Math.round((Date.parse(at) - Date.parse(requested_at)) / 1_000);

/**
 * Broken is what the provider failed, cancelled or let expire; a refusal breaks nothing, nor does
 * what its renter never paid.
 */
function outcomeOf({ from_state, to_state, role }: Entry): 'completed' | 'kept' | 'broken' {
  if (from_state === UNPAID) return 'kept';
  if (to_state === 'completed') return 'completed';
  if (to_state === 'failed' || to_state === 'expired') return 'broken';
  return to_state === 'cancelled' && role === 'provider' ? 'broken' : 'kept';
}
