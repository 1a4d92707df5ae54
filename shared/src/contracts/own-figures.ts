/** What a signer computes itself before: a sentence says what differs, null that nothing does. */
import { canonical, sha256Hex } from '../canonical.ts';
import type { HoldView } from '../offerings/hold.ts';
import type { OfferingView } from '../offerings/schemas.ts';
import { termsHash, termsOf } from '../offerings/terms.ts';
import { CLOCK_SKEW_MS, isoAt } from '../time.ts';
import { openSystems } from './choices.ts';
import { contractMachine, type ContractAction } from './machine.ts';
import { extensionPriceOf, priceOf, refundOf, type RefundRule } from '../price.ts';
import { faultIn, ruleWith } from './faults.ts';
import type { ContractView } from './schemas.ts';
import { governingTerms } from './standing.ts';

const NOT_SIGNED = 'Nothing was signed; load the page again, and if it stays, do not sign.';
const terms = `The terms shown are not the terms that would be signed. ${NOT_SIGNED}`;
const total = `The total shown is not the price of the hours under these terms. ${NOT_SIGNED}`;
const choice = `What the renter chose is not among what these terms leave open. ${NOT_SIGNED}`;
const extension = `The extension’s price is not that of its hours under these terms. ${NOT_SIGNED}`;
const refund = `The refund shown is not what the contract’s rule gives. ${NOT_SIGNED}`;

/** What is wrong with an offering that was shown, and with the hold of it, where there is one. */
export function problemOfOffering(
  shown: readonly OfferingView[],
  hold: HoldView | null,
): string | null {
  const isHashed = shown.every((one) => termsHash(termsOf({ ...one })) === one.terms_hash);
  if (!isHashed) return terms;
  if (hold === null) return null;
  if (sha256Hex(canonical(hold.terms)) !== hold.terms_hash) return terms;
  const { currency, ...rate } = governingTerms.parse(hold.terms);
  const own_e9s = priceOf(rate, hold.hours).total_e9s.toString();
  return own_e9s === hold.total_e9s && currency === hold.currency ? null : total;
}

interface Said {
  action: ContractAction;
  data?: Record<string, unknown>;
}

/** What is wrong with the figures of a move that is about to be signed. */
export function problemOfMove(
  view: ContractView,
  { action, data = {} }: Said,
  now_ms: number,
): string | null {
  if (sha256Hex(canonical(view.terms)) !== view.terms_hash) return terms;
  if (action === 'accept') return problemOfChoice(view) ?? problemOfTotal(view);
  if (action === 'extend') return problemOfExtension(view, data);
  return 'refund_e9s' in data ? problemOfRefund(view, action, data, now_ms) : null;
}

/** Requests from before there were choices chose nothing. */
const problemOfChoice = ({ terms: shown, operating_system }: ContractView) =>
  operating_system === null || openSystems(shown).includes(operating_system) ? null : choice;

/** A total on the chain need not divide by its hours; its payload, which is signed, holds it. */
function problemOfTotal({ terms: shown, hours, total_e9s, currency, chain }: ContractView) {
  const rate = governingTerms.parse(shown);
  if (currency !== rate.currency) return total;
  const isOwn = chain !== null || priceOf(rate, hours).total_e9s.toString() === total_e9s;
  return isOwn ? null : total;
}

function problemOfExtension(
  { terms: shown, extension: proposed }: ContractView,
  { hours, extra_e9s, accepts }: Record<string, unknown>,
): string | null {
  const own_e9s = extensionPriceOf(governingTerms.parse(shown), Number(hours)).toString();
  if (extra_e9s !== own_e9s) return extension;
  if (accepts === null) return null;
  const isProposed =
    proposed?.hash === accepts && proposed?.hours === hours && proposed?.extra_e9s === own_e9s;
  return isProposed ? null : extension;
}

/** A refund only falls with time: the server's is of a moment since the last entry. */
function problemOfRefund(
  view: ContractView,
  action: ContractAction,
  said: Record<string, unknown>,
  now_ms: number,
): string | null {
  const { terms: shown, total_e9s, active_at, pauses, head, state, role } = view;
  const rule = contractMachine.moves.find(
    (row) => row.action === action && row.from.includes(state) && row.by.includes(role),
  )?.money;
  const offered = view.moves.find((move) => move.action === action)?.refund;
  if (rule === undefined || offered?.rule !== rule) return refund;
  const rate = governingTerms.parse(shown);
  const paid = { rate, total_e9s: BigInt(total_e9s), active_at, pauses };
  const isOf = (by: RefundRule, e9s: unknown, since_ms: number) => {
    const at = (ms: number) => refundOf(by, paid, isoAt(ms));
    const amount_e9s = BigInt(String(e9s));
    return amount_e9s >= at(now_ms + CLOCK_SKEW_MS) && amount_e9s <= at(since_ms - CLOCK_SKEW_MS);
  };
  const isOwn = isOf(ruleWith(rule, faultIn(said)), said['refund_e9s'], now_ms);
  return isOwn && isOf(rule, offered.refund_e9s, Date.parse(head.at)) ? null : refund;
}
