import { contractMachine, type ContractRole } from '@berth/shared/contracts/machine';
import { CREDENTIALS_KEPT_DAYS, PRIVATE_PARTS_KEPT_DAYS } from '@berth/shared/contracts/schemas';
import { paidOf } from '@berth/shared/contracts/standing';
import { warnAfter, warningDue, warnings } from '@berth/shared/contracts/warnings';
import type { DataOf } from '@berth/shared/contracts/statement-data';
import { counted } from '@berth/shared/count';
import { findRow } from '@berth/shared/machine';
import { formatMoney, type Currency } from '@berth/shared/money';
import { refundOf } from '@berth/shared/price';
import { addHours, CLOCK_SKEW_MS, DAY_MS, isoAt } from '@berth/shared/time';
import type { DueWork, WriteCtx } from '../../context.ts';
import { emit } from '../../db/outbox.ts';
import { timedWork } from '../../engine/due.ts';
import type { Topics } from '../../lib/topics.ts';
import { earn, EARNING, holdEscrow, listAnyEarning } from '../billing/index.ts';
import { notify, tellStreams, type NoticeFact } from '../notices/index.ts';
import {
  ERASURE,
  eraseCredentials,
  erasePrivateParts,
  findAnyContract,
  getAnyNews,
  listAnyDue,
  listAnyToErase,
  listAnyToWarn,
  setEraseAt,
  setWarnAt,
  TIMED_MOVE,
  WARNING,
} from './repo.ts';
import { contractKind, standingOf, systemMove, termsOfContract } from './service.ts';

/** What the chain did longer ago than this rings no bell when it comes; lists show it. */
const NEWS_DAYS = 7;

type News = Awaited<ReturnType<typeof getAnyNews>>;

/** The system's timed moves: whatever deadline has passed. */
export const timedMoves = timedWork(contractKind, {
  name: TIMED_MOVE,
  list: listAnyDue,
  find: findAnyContract,
  dueOf: ({ due_at }) => due_at,
  make: (ctx, row, { action }) => systemMove(ctx, row, action, { facts: { is_due: true } }),
});

/** Erases sealed credentials first and personal parts later; the log still verifies. */
export const erasures: DueWork = {
  kind: ERASURE,
  list: listAnyToErase,
  async run({ tx, clock }, contract_id) {
    const now = clock.now();
    const row = await findAnyContract(tx, contract_id);
    if (!row?.ended_at || !row.erase_at || row.erase_at > now) return;
    const credentials_at = addHours(row.ended_at, CREDENTIALS_KEPT_DAYS * 24);
    const parts_at = addHours(row.ended_at, PRIVATE_PARTS_KEPT_DAYS * 24);
    if (row.erase_at === credentials_at) await eraseCredentials(tx, contract_id, now);
    if (parts_at <= now) await erasePrivateParts(tx, contract_id, now);
    await setEraseAt(tx, contract_id, parts_at <= now ? null : parts_at);
  },
};

/** Warns before the paid hours end; of warnings that nobody gave in time, the last alone. */
export const endWarnings: DueWork = {
  kind: WARNING,
  list: listAnyToWarn,
  async run({ tx, clock }, contract_id) {
    const now = clock.now();
    const row = await findAnyContract(tx, contract_id);
    if (!row?.ends_at || !row.warn_at || row.warn_at > now) return;
    const { ends_at, warn_at } = row;
    const due = warningDue(ends_at, warn_at, now);
    if (due && ends_at > now) {
      await emit(tx, 'contract.ends', { contract_id, ends_at, hours: due.hours }, now);
    }
    await setWarnAt(tx, contract_id, warnAfter(ends_at, now));
  },
};

/** Tells the parties that a contract ends soon, unless it has ended or was extended meanwhile. */
export async function tellEnding(
  ctx: WriteCtx,
  { contract_id, ends_at, hours }: Topics['contract.ends'],
): Promise<readonly string[]> {
  const row = await findAnyContract(ctx.tx, contract_id);
  const due = warnings.find((one) => one.hours === hours);
  if (!due || row?.ended_at !== null || row.ends_at !== ends_at) return [];
  const told = due.tells.map((side) => ({ side, account_id: row[`${side}_id`] }));
  for (const { side, account_id } of told) {
    await notify(ctx, {
      ...{ account_id, side },
      kind: 'contract.ends_soon',
      names: { title: row.title, when: `${due.words}${side === 'renter' ? ADVICE : ''}` },
      facts: [
        { label: 'Offering', text: row.title },
        { label: 'Ends', at: ends_at },
      ],
      link: linkOf(side, contract_id),
      entry: { contract_id, seq: null },
    });
  }
  return told.map(({ account_id }) => account_id);
}

const ADVICE = ': extend it, or save what you need';

/**
 * Posts what running contracts have earned by now, by the rule that pays the provider least: what
 * any end may still bring. An end is signed within minutes of our clock, so those do not count yet.
 */
export const earnings: DueWork = {
  kind: EARNING,
  list: listAnyEarning,
  async run(ctx, contract_id) {
    const found = await findAnyContract(ctx.tx, contract_id);
    if (found === null) return;
    await holdEscrow(ctx, found);
    const row = (await findAnyContract(ctx.tx, contract_id)) ?? found;
    const rate = await termsOfContract(ctx.tx, row);
    const at = isoAt(ctx.clock.nowMs() - CLOCK_SKEW_MS);
    const unearned_e9s = refundOf('unused_hours_and_setup', paidOf(standingOf(row), rate), at);
    await earn(ctx, row, row.total_e9s - unearned_e9s);
  },
};

const isNews = ({ clock }: WriteCtx, { action, at }: News): boolean =>
  action !== 'import' || at > isoAt(clock.nowMs() - NEWS_DAYS * DAY_MS);

/**
 * Tells the parties of a move: a notice where the machine has a sentence and it is news, a stream
 * event always.
 */
export async function tellParties(
  ctx: WriteCtx,
  { contract_id, seq }: Topics['contract.moved'],
): Promise<readonly string[]> {
  const entry = await getAnyNews(ctx.tx, contract_id, seq);
  const role = entry.role as ContractRole;
  const move = findRow(contractMachine, entry);
  const told = { renter: entry.renter_id, provider: entry.provider_id };
  if (move?.tell && isNews(ctx, entry)) {
    const names = {
      renter: entry.renter_name,
      provider: entry.provider_name,
      title: entry.title,
    };
    const who = role === 'system' ? 'Berth' : names[role];
    for (const side of ['renter', 'provider'] as const) {
      if (side === role || (move.tells && !move.tells.includes(side))) continue;
      await notify(ctx, {
        account_id: told[side],
        side,
        kind: agrees(entry) ? 'contract.extended' : move.tell,
        names: { ...names, who },
        facts: factsOf(entry, side),
        link: linkOf(side, contract_id),
        entry: { contract_id, seq },
      });
    }
  }
  return tellStreams(ctx, Object.values(told), 'contract', contract_id);
}

/** Whether it signs the extension that the other party has proposed. */
function agrees({ action, statement }: News): boolean {
  if (action !== 'extend') return false;
  const { data } = JSON.parse(statement) as { data: DataOf<'extend'> };
  return data.accepts !== null;
}

/** What the contract comes to, for who is told and has not opened its page. */
function factsOf(entry: News, side: 'renter' | 'provider'): NoticeFact[] {
  const { title, hours, ends_at, renter_name, provider_name } = entry;
  const currency = entry.currency as Currency;
  return [
    { label: 'Offering', text: title },
    side === 'renter'
      ? { label: 'Provider', text: provider_name }
      : { label: 'Renter', text: renter_name },
    { label: 'Paid time', text: counted(hours, 'hour') },
    { label: 'Total', text: formatMoney(entry.total_e9s, currency) },
    ...(ends_at === null ? [] : [{ label: 'Ends', at: ends_at }]),
    ...(entry.refund_e9s === null
      ? []
      : [{ label: 'Refund', text: formatMoney(entry.refund_e9s, currency) }]),
  ];
}

const linkOf = (side: 'renter' | 'provider', contract_id: string): string =>
  side === 'renter'
    ? `/dashboard/rentals/${contract_id}`
    : `/dashboard/provider/requests/${contract_id}`;
