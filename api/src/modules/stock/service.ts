import { counted } from '@berth/shared/count';
import type * as z from 'zod';
import { priceOf } from '@berth/shared/price';
import { makeId } from '@berth/shared/ids';
import { refusePrice } from '@berth/shared/offerings/bounds';
import {
  HELD_AN_HOUR_MS,
  HOLD_MS,
  LEAST_HOLD_MS,
  MAX_HOLDS,
  type holdView,
} from '@berth/shared/offerings/hold';
import { termsSchema } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { HOUR_MS, isoAt, MINUTE_MS } from '@berth/shared/time';
import {
  allowedOpen,
  allowedUnits,
  openLimitNames,
  openLimits,
  type History,
} from '@berth/shared/contracts/limits';
import type { WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { lockAccount } from '../../db/accounts.ts';
import type { Db } from '../../db/database.ts';
import { addToWindow, findWindow, takeFromWindow } from '../../db/rate-windows.ts';
import { giveBack, takeOne, getAnyTerms, tellPublic } from '../catalogue/index.ts';
import {
  countHolds,
  deleteHold,
  deleteLivingHold,
  findHold,
  insertHold,
  setHoldEnd,
  type HoldRow,
  findAnyRentable,
  type Rentable,
  countAnyCompleted,
  countAnyOpen,
} from './repo.ts';
import { hasAnyBlock } from '../blocks/index.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/**
 * Keeps a unit for this account at the present price; while that hold lives, asking again renews
 * it, as far as the account's time of this hour goes.
 * Throws `offering.own`, `offering.not_available`, `offering.out_of_stock`, `account.too_many` and
 * as `requireRoom` does.
 */
export async function holdOffering(
  ctx: Writes & Pick<WriteCtx, 'config'>,
  actor: AccountActor,
  offering_id: string,
  { hours }: { hours: number },
): Promise<z.output<typeof holdView>> {
  const { tx, clock } = ctx;
  await lockAccount(tx, actor);
  const before = await findHold(tx, actor, offering_id);
  if (before && before.expires_at > clock.now()) return viewOf(tx, await renew(ctx, before), hours);
  if (before) await endHold(ctx, before);
  const offering = requireRentable(actor, await findAnyRentable(tx, offering_id));
  if ((await countHolds(tx, actor)) >= MAX_HOLDS) {
    throw problem('account.too_many', `You hold ${MAX_HOLDS} units already; let one of them go.`);
  }
  await requireRoom(ctx, actor, offering);
  if (!(await takeUnit(ctx, offering_id))) throw problem('offering.out_of_stock');
  const granted_ms = await spendTime(ctx, actor.acting_for, HOLD_MS, LEAST_HOLD_MS);
  const row: HoldRow = {
    id: makeId('hold'),
    offering_id,
    account_id: actor.acting_for,
    terms_hash: offering.terms_hash,
    created_at: clock.now(),
    expires_at: isoAt(clock.nowMs() + granted_ms),
  };
  await insertHold(tx, row);
  return viewOf(tx, row, hours);
}

async function renew(ctx: Writes, row: HoldRow): Promise<HoldRow> {
  const end_ms = Date.parse(row.expires_at);
  const wanted_ms = ctx.clock.nowMs() + HOLD_MS - end_ms;
  const granted_ms = await spendTime(ctx, row.account_id, wanted_ms, 0);
  if (granted_ms === 0) return row;
  const expires_at = isoAt(end_ms + granted_ms);
  await setHoldEnd(ctx.tx, row.id, expires_at);
  return { ...row, expires_at };
}

/** The window in which an account's time of holding is counted, in milliseconds. */
const HELD = 'held_ms';

/**
 * Takes of the time that an account can hold units in this hour, whose account is locked: what is
 * wanted or what is left. Throws `account.too_many` where less than `least_ms` is.
 */
async function spendTime(
  { tx, clock }: Writes,
  who: string,
  wanted_ms: number,
  least_ms: number,
): Promise<number> {
  const now = clock.now();
  const window = await findWindow(tx, { policy: HELD, who, now });
  const left_ms = HELD_AN_HOUR_MS - (window?.used ?? 0);
  const granted_ms = Math.max(0, Math.min(wanted_ms, left_ms));
  if (granted_ms < least_ms) {
    const again_ms = Date.parse(window?.ends_at ?? now) - clock.nowMs();
    const minutes = (ms: number) => counted(Math.ceil(ms / MINUTE_MS), 'minute');
    throw problem(
      'account.too_many',
      `Of an hour you can hold units for ${minutes(HELD_AN_HOUR_MS)}, and more in ` +
        `${minutes(again_ms)}.`,
    );
  }
  const ends_at = isoAt(clock.nowMs() + HOUR_MS);
  await addToWindow(tx, { policy: HELD, who, used: granted_ms, ends_at }, now);
  return granted_ms;
}

/** Gives back what a hold that ends early did not need, where all of it was of this hour. */
async function returnTime(
  { tx, clock }: Writes,
  { account_id, created_at, expires_at }: Pick<HoldRow, 'account_id' | 'created_at' | 'expires_at'>,
): Promise<void> {
  const used = Date.parse(expires_at) - clock.nowMs();
  if (used <= 0) return;
  const ends_by = isoAt(Date.parse(created_at) + HOUR_MS);
  await takeFromWindow(tx, { policy: HELD, who: account_id, used, now: clock.now(), ends_by });
}

/** Gives the unit back; `request.not_found` when the hold has ended or is another's. */
export async function releaseHold(
  ctx: Writes,
  actor: AccountActor,
  { offering_id, hold_id }: { offering_id: string; hold_id: string },
): Promise<void> {
  const row = await findHold(ctx.tx, actor, offering_id);
  if (row?.id !== hold_id || !(await endHold(ctx, row))) throw problem('request.not_found');
}

/** Ends a hold and returns its unit; false when somebody else ended it first. */
export async function endHold(ctx: Writes, row: HoldRow): Promise<boolean> {
  if (!(await deleteHold(ctx.tx, row.id))) return false;
  await returnTime(ctx, row);
  await returnUnit(ctx, row.offering_id);
  return true;
}

/**
 * Uses up the account's hold on these terms: answers the offering as it stood when it was held,
 * whose unit the caller now has. Null without such a hold.
 */
export async function useHold(
  ctx: Writes,
  { acting_for: account_id }: AccountActor,
  { offering_id, terms_hash }: { offering_id: string; terms_hash: string },
): Promise<Rentable | null> {
  const { tx, clock } = ctx;
  const ask = { account_id, offering_id, terms_hash, now: clock.now() };
  const held = await deleteLivingHold(tx, ask);
  if (held === null) return null;
  await returnTime(ctx, held);
  const [now, terms] = [await findAnyRentable(tx, offering_id), await readTerms(tx, terms_hash)];
  if (!now) return null;
  const { price_e9s, unit, setup_fee_e9s, provider_key, title, currency } = terms;
  const { min_hours, max_hours, response_hours, provisioning_hours, operating_systems } = terms;
  return {
    ...now,
    // What can be held is listed and shown; that it is no longer does not end the hold.
    state: 'listed',
    visibility: now.visibility === 'private' ? 'unlisted' : now.visibility,
    terms_hash,
    provider_key,
    title,
    currency,
    rate: { price_e9s, unit, setup_fee_e9s },
    min_hours,
    max_hours,
    response_hours,
    provisioning_hours,
    operating_systems,
  };
}

const readTerms = async (db: Db, terms_hash: string) =>
  termsSchema.parse(JSON.parse(await getAnyTerms(db, terms_hash)));

async function viewOf(
  db: Db,
  { id: hold_id, offering_id, expires_at, terms_hash }: HoldRow,
  hours: number,
): Promise<z.output<typeof holdView>> {
  const terms = await readTerms(db, terms_hash);
  refuseHours(terms, hours, '/hours');
  const { total_e9s } = priceOf(terms, hours);
  const { currency } = terms;
  return { hold_id, offering_id, expires_at, terms_hash, terms, hours, total_e9s, currency };
}

/** What this account can rent now, whatever its stock. */
export function requireRentable(
  { acting_for: account_id }: Pick<AccountActor, 'acting_for'>,
  offering: Rentable | null,
): Rentable {
  if (!offering) throw problem('request.not_found');
  if (offering.provider_id === account_id) throw problem('offering.own');
  // What a stranger has never been shown is not there.
  if (offering.visibility === 'private' || offering.state === 'draft') {
    throw problem('request.not_found');
  }
  if (offering.state !== 'listed') {
    throw problem('offering.not_available', 'The provider has paused or withdrawn it.');
  }
  // Listed before there was that bound: what it costs would not fit a contract.
  if (refusePrice({ ...offering, ...offering.rate }) !== null) {
    throw problem('offering.not_available', 'Its price is more than a contract can cost.');
  }
  return offering;
}

/** Refuses hours that are not offered, at their place in the request. */
function refuseHours(
  { min_hours, max_hours }: Pick<Rentable, 'min_hours' | 'max_hours'>,
  hours: number,
  pointer: string,
): void {
  if (hours >= min_hours && hours <= max_hours) return;
  const message = `Choose ${min_hours.toLocaleString('en')} to ${counted(max_hours, 'hour')}`;
  throw problem('request.invalid', message, { errors: [{ pointer, message }] });
}

/** Takes a unit of a listed offering by compare-and-set; false when there is none. */
export async function takeUnit(ctx: Writes, offering_id: string): Promise<boolean> {
  const left = await takeOne(ctx.tx, offering_id);
  if (left === null) return false;
  await tellPublic(ctx, null, left);
  return true;
}

/** Gives back a unit that was taken, whatever the offering's state is by now. */
export async function returnUnit(ctx: Writes, offering_id: string): Promise<void> {
  await tellPublic(ctx, null, await giveBack(ctx.tx, offering_id));
}

/** Beyond so many completed contracts no limit grows. */
const MOST_COMPLETED = Math.max(...openLimitNames.map((name) => openLimits[name].most));

/** What of a renter's past counts; what it has paid will, once it can. */
const historyOf = async (db: Db, renter_id: string): Promise<History> => ({
  completed: await countAnyCompleted(db, renter_id, MOST_COMPLETED),
});

/**
 * Lets a renter ask for one more unit. Throws `renter.blocked`, and `renter.too_many_open` where
 * enough of its requests and holds are open; whoever has used a hold has given it up already.
 */
export async function requireRoom(
  { tx, clock, config }: Pick<WriteCtx, 'tx' | 'clock' | 'config'>,
  { acting_for: renter_id }: Pick<AccountActor, 'acting_for'>,
  { id: offering_id, provider_id, stock }: Pick<Rentable, 'id' | 'provider_id' | 'stock'>,
): Promise<void> {
  if (await hasAnyBlock(tx, provider_id, renter_id)) throw problem('renter.blocked', BLOCKED);
  if (!config.rate_limits) return;
  const open = await countAnyOpen(tx, { renter_id, provider_id, offering_id, now: clock.now() });
  // Most have nothing open, and need no history.
  if (open.renter === 0) return;
  const history = await historyOf(tx, renter_id);
  for (const name of openLimitNames) {
    const most = allowedOpen(name, history);
    if (open[name] < most) continue;
    throw tooMany(`${open[name]} of yours wait ${openLimits[name].words}`);
  }
  if (open.offering >= allowedUnits(stock + open.offering, history)) {
    throw tooMany('Until you have completed a contract, half of an offering is left to others');
  }
}

const BLOCKED = 'Contracts that you have with it go on. Others may offer the same.';

const tooMany = (why: string) =>
  problem(
    'renter.too_many_open',
    `${why}. Wait for an answer or cancel one; with each completed contract there can be more.`,
  );
