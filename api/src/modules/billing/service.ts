import {
  balanceOf,
  escrowOf,
  payableOf,
  readAccount,
  type LedgerAccount,
} from '@berth/shared/ledger/accounts';
import { commissions } from '@berth/shared/ledger/commission';
import {
  earnPostings,
  holdPostings,
  releasePostings,
  settlePostings,
  shareOf,
  type Paid,
  type Posting,
} from '@berth/shared/ledger/postings';
import type { PaysBy } from '@berth/shared/pays-by';
import {
  CONTRACT_ENTRIES,
  type billingPage,
  type billingView,
  type CauseKind,
  type contractMoney,
} from '@berth/shared/ledger/schemas';
import { currencies, formatMoney, type Currency } from '@berth/shared/money';
import { cardCurrencies } from '@berth/shared/payments/schemas';
import type { OfferingKind } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { getContract, type ContractRow } from '../../db/contract-rows.ts';
import { emit } from '../../db/outbox.ts';
import { pageSize } from '../../db/page.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { countEarned } from '../earnings/index.ts';
import {
  getAnyBalance,
  holdAnyBalance,
  listAnyBalances,
  listAnyPostings,
  missingFunds,
  post,
} from '../ledger/index.ts';
import {
  findAnyEscrow,
  insertEscrow,
  setEarnAt,
  setMissing,
  sumHeld,
  type EscrowRow,
} from './repo.ts';

type Reads = Pick<ReadCtx, 'db' | 'config'>;
type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** How often what a running contract has earned is posted; at its end the rest is. */
const EARN_HOURS = 24;

/** What of a contract its money goes by. */
type Billed = Pick<
  ContractRow,
  | ('contract_id' | 'renter_id' | 'provider_id' | 'offering_id')
  | ('title' | 'total_e9s' | 'refund_e9s')
> & { currency: string };

const causeOf = (kind: CauseKind, contract_id: string, of: string | number) => ({
  kind,
  id: `${contract_id}/${of}`,
});

/**
 * Holds the total of a contract that its renter has just made, and answers what of it is missing: 0
 * where the renter does not say how it pays that. Throws `payment.missing`.
 */
export async function openEscrow(
  ctx: Writes,
  contract: Billed,
  { kind, pays_by }: { kind: OfferingKind; pays_by: PaysBy | null },
): Promise<bigint> {
  const { contract_id, total_e9s } = contract;
  const currency = contract.currency as Currency;
  const { balance_e9s, missing_e9s } = await missingFunds(
    ctx,
    balanceOf(contract.renter_id),
    currency,
    total_e9s,
  );
  if (missing_e9s > 0n && pays_by === null) {
    const [has, costs, more] = [balance_e9s, total_e9s, missing_e9s].map((one) =>
      formatMoney(one, currency),
    );
    const detail = `It costs ${costs}, and your balance has ${has}: ${more} more is needed.`;
    throw problem('payment.missing', detail, { currency, missing_e9s: String(missing_e9s) });
  }
  if (missing_e9s < total_e9s) await hold(ctx, contract, total_e9s - missing_e9s, 0);
  await insertEscrow(ctx.tx, {
    ...{ contract_id, commission_bp: commissions[kind], pays_by, missing_e9s },
    earn_at: missing_e9s > 0n ? null : addHours(ctx.clock.now(), EARN_HOURS),
  });
  return missing_e9s;
}

/** Holds what there is by now for a request that is not paid; answers what is missing still. */
export async function fundEscrow(ctx: Writes, contract: Billed): Promise<bigint> {
  const { contract_id, total_e9s, renter_id } = contract;
  const currency = contract.currency as Currency;
  const balance_e9s = await holdAnyBalance(ctx.tx, balanceOf(renter_id), currency);
  const escrow = await findAnyEscrow(ctx.tx, contract_id);
  const before_e9s = escrow?.missing_e9s ?? 0n;
  const more_e9s = balance_e9s < before_e9s ? balance_e9s : before_e9s;
  if (more_e9s === 0n) return before_e9s;
  // What was held before names this one, so that no two are the same.
  await hold(ctx, contract, more_e9s, `0+${total_e9s - before_e9s}`);
  const missing_e9s = before_e9s - more_e9s;
  const earn_at = missing_e9s > 0n ? null : addHours(ctx.clock.now(), EARN_HOURS);
  await setMissing(ctx.tx, contract_id, { missing_e9s, earn_at });
  return missing_e9s;
}

/**
 * Holds what an extension costs, where the contract is paid here. Throws `payment.missing`, without
 * figures: the provider may be who accepts, and what the renter has is not theirs to know.
 */
export async function holdMore(
  ctx: Writes,
  contract: Billed,
  extra_e9s: bigint,
  seq: number,
): Promise<void> {
  if ((await findAnyEscrow(ctx.tx, contract.contract_id)) === null) return;
  const currency = contract.currency as Currency;
  const account = balanceOf(contract.renter_id);
  const { missing_e9s } = await missingFunds(ctx, account, currency, extra_e9s);
  if (missing_e9s > 0n) {
    throw problem('payment.missing', 'The renter’s balance has to cover the extension first.');
  }
  await hold(ctx, contract, extra_e9s, seq);
}

/** Holds an amount that the renter's balance has. */
async function hold(
  ctx: Writes,
  contract: Billed,
  amount_e9s: bigint,
  of: string | number,
): Promise<void> {
  const currency = contract.currency as Currency;
  const cause = causeOf('contract.hold', contract.contract_id, of);
  const postings = holdPostings({ ...contract, currency }, amount_e9s);
  await post(ctx, cause, `Held for “${contract.title}”`, postings);
  await tellRenter(ctx, contract, 'held', amount_e9s);
}

const tellRenter = (
  { tx, clock }: Writes,
  { renter_id, contract_id, title, currency }: Billed,
  what: 'held' | 'refunded',
  amount_e9s: bigint,
): Promise<void> =>
  emit(
    tx,
    'money.posted',
    {
      ...{ account_id: renter_id, what, currency },
      amount_e9s: String(amount_e9s),
      contract: { contract_id, title },
    },
    clock.now(),
  );

/**
 * Keeps a contract's escrow until the transaction ends and answers what is in it. What is read of
 * the contract after it fits it: whoever ends or extends it meanwhile waits, or was waited for.
 */
export const holdEscrow = (
  { tx }: Pick<Writes, 'tx'>,
  { contract_id, currency }: Pick<Billed, 'contract_id' | 'currency'>,
): Promise<bigint> => holdAnyBalance(tx, escrowOf(contract_id), currency as Currency);

/** How a contract stands, its escrow kept for this transaction; null where it is paid elsewhere. */
async function findPaid(ctx: Writes, contract: Billed): Promise<(Paid & EscrowRow) | null> {
  const currency = contract.currency as Currency;
  // Before the row, so that an end and a day's earnings are one after the other.
  const held_e9s = await holdEscrow(ctx, contract);
  const escrow = await findAnyEscrow(ctx.tx, contract.contract_id);
  return escrow && { ...contract, ...escrow, currency, held_e9s };
}

/** Posts what was earned, and adds it to the month, once for each cause. */
async function postEarned(
  ctx: Writes,
  contract: Billed,
  cause: ReturnType<typeof causeOf>,
  memo: string,
  postings: readonly Posting[],
): Promise<void> {
  if (await post(ctx, cause, memo, postings)) await countEarned(ctx, contract, postings);
}

/** A contract's end, by the refund that was signed: its escrow is empty after it. */
export async function settle(ctx: Writes, contract: Billed, seq: number): Promise<void> {
  const { contract_id, title, refund_e9s } = contract;
  const paid = await findPaid(ctx, contract);
  if (paid === null) return;
  const cause = causeOf('contract.settle', contract_id, seq);
  const given_back_e9s = paid.missing_e9s > 0n ? paid.held_e9s : (refund_e9s ?? 0n);
  const postings =
    paid.missing_e9s > 0n
      ? releasePostings(paid, given_back_e9s)
      : settlePostings(paid, given_back_e9s);
  await postEarned(ctx, contract, cause, `Settled at the end of “${title}”`, postings);
  if (given_back_e9s > 0n) await tellRenter(ctx, contract, 'refunded', given_back_e9s);
  await setEarnAt(ctx.tx, contract_id, null);
}

/**
 * Posts what was earned by now in all, at the least, and says when to look again. The contract was
 * read after `holdEscrow`.
 */
export async function earn(ctx: Writes, contract: Billed, earned_e9s: bigint): Promise<void> {
  const { contract_id, title } = contract;
  const paid = await findPaid(ctx, contract);
  if (paid?.earn_at == null) return;
  const cause = causeOf('contract.earn', contract_id, paid.earn_at);
  const postings = earnPostings(paid, earned_e9s);
  await postEarned(ctx, contract, cause, `Earned under “${title}”`, postings);
  await setEarnAt(ctx.tx, contract_id, addHours(ctx.clock.now(), EARN_HOURS));
}

/** A transfer first where there are no cards; a card is quicker where there are. */
const waysOf = ({ payments, stripe }: ReadCtx['config']) =>
  payments === 'off'
    ? []
    : [
        ...(stripe === null ? [] : [{ name: 'card' as const, currencies: [...cardCurrencies] }]),
        { name: 'transfer' as const, currencies: [...currencies] },
      ];

/** What the account has, in each currency that it ever had. */
export async function viewBilling(
  { db, config }: Reads,
  actor: AccountActor,
): Promise<z.output<typeof billingView>> {
  const [balance, payable] = [balanceOf(actor.acting_for), payableOf(actor.acting_for)];
  const [own, held] = await Promise.all([
    listAnyBalances(db, [balance, payable]),
    sumHeld(db, actor),
  ]);
  const inUse = [...new Set([...own, ...held].map(({ currency }) => currency))].sort();
  const amountIn = (account: LedgerAccount, of: Currency): bigint =>
    own.find((one) => one.account === account && one.currency === of)?.balance_e9s ?? 0n;
  return {
    payments: config.payments,
    ways: waysOf(config),
    balances: inUse.map((currency) => ({
      currency,
      available_e9s: amountIn(balance, currency),
      held_e9s: held.find((one) => one.currency === currency)?.held_e9s ?? 0n,
      payable_e9s: amountIn(payable, currency),
    })),
    wire:
      config.payments === 'off'
        ? null
        : { details: config.wire_details, reference: actor.acting_for },
  };
}

type PostingRow = Awaited<ReturnType<typeof listAnyPostings>>['items'][number];

function postedOf({ nth: _, cause_kind, cause_id, ...row }: PostingRow) {
  const cause = cause_kind as CauseKind;
  return {
    ...row,
    cause,
    contract_id: cause.startsWith('contract.') ? cause_id.slice(0, cause_id.indexOf('/')) : null,
    currency: row.currency as Currency,
  };
}

/** What was posted to the account, newest first. */
export async function pagePostings(
  { db }: Reads,
  actor: AccountActor,
  { cursor, limit }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<z.output<typeof billingPage>> {
  const accounts = [balanceOf(actor.acting_for), payableOf(actor.acting_for)];
  const page = await listAnyPostings(db, accounts, { cursor, limit: pageSize(limit) });
  return {
    ...page,
    items: page.items.map((row) => ({
      ...postedOf(row),
      account: readAccount(row.account).kind as 'balance' | 'payable',
    })),
  };
}

/** A contract's money, for its parties; 404 for anybody else. */
export async function viewContractMoney(
  { db }: Reads,
  actor: AccountActor,
  contract_id: string,
): Promise<z.output<typeof contractMoney>> {
  const row = await getContract(db, actor, contract_id);
  const currency = row.currency as Currency;
  const escrow = await findAnyEscrow(db, contract_id);
  const isRenter = row.renter_id === actor.acting_for;
  // What is held of a request that waits is what its renter had: not the provider's to know.
  if (escrow === null || (!isRenter && escrow.missing_e9s > 0n)) {
    return { currency, escrow: null, postings: [] };
  }
  const account = escrowOf(contract_id);
  const [held_e9s, page] = await Promise.all([
    getAnyBalance(db, account, currency),
    listAnyPostings(db, [account], { cursor: undefined, limit: CONTRACT_ENTRIES }),
  ]);
  const { commission_bp, missing_e9s } = escrow;
  const pays_by = escrow.pays_by as PaysBy | null;
  const refunded_e9s = row.refund_e9s ?? 0n;
  // Of what was never paid whole nothing was earned: what had been held was given back.
  const earned_e9s = missing_e9s > 0n ? 0n : row.total_e9s - held_e9s - refunded_e9s;
  const { commission_e9s, provider_e9s } = shareOf(earned_e9s, commission_bp);
  const shares = { commission_e9s, earned_e9s: provider_e9s };
  return {
    currency,
    escrow: { commission_bp, pays_by, missing_e9s, held_e9s, refunded_e9s, ...shares },
    postings: page.items
      .filter(({ cause_kind }) => isRenter || pays_by === null || cause_kind !== 'contract.hold')
      .map((one) => ({ ...postedOf(one), account: readAccount(one.account).kind }))
      .reverse(),
  };
}
