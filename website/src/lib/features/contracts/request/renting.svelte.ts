import { offerings } from '@berth/shared/offerings/endpoints';
import { formatMoney } from '@berth/shared/money';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { isProblem, type ProblemDocument } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { totalFor } from '#lib/features/offerings/prices.ts';
import { findDraft, forgetDraft, saveDraft } from './draft.ts';
import { heldOffering, termChanges } from './held.ts';
import { makeHolding } from './holding.svelte.ts';
import { makePaying } from './paying.svelte.ts';
import { makeRequestForm } from './request-form.svelte.ts';
import { resumeRequest, sendRequest } from './send-request.ts';
import { findUnanswered } from './unanswered.ts';

interface Given {
  /** As the page has it, which changes with the news. */
  offering: () => OfferingView;
  /** Who asks; null for a guest, who can fill in the form and signs in before anything is held. */
  account_id: string | null;
  hours: () => number | undefined;
  /** Whether contracts are paid here. */
  pays: () => boolean;
  /** The request has become a contract. */
  done: (contract_id: string) => Promise<void>;
}

/** This account cannot rent it now: taken, paused, not shown to it, or not for it. */
const goneCodes: readonly string[] = [
  'offering.out_of_stock',
  'offering.not_available',
  'request.not_found',
  'renter.blocked',
  'renter.too_many_open',
];
const isGoneCode = (code: string): boolean => goneCodes.includes(code);

/** From the press on Rent Resource to the signed request: what is held, shown, agreed and sent. */
export function makeRenting({ offering, account_id, hours, pays, done }: Given) {
  /** What the renter has looked at and gone on with. */
  let seen = $state.raw(offering());
  /** What would be signed: the held terms, or the newest there are. */
  let current = $state.raw(offering());
  let step = $state<'form' | 'confirm' | 'unanswered'>('form');
  let sending = $state(false);
  let failure = $state.raw<ProblemDocument | null>(null);
  const holding = makeHolding(() => offering().id);
  const typed = findDraft(account_id, offering().id);
  const form = makeRequestForm(() => current, hours(), typed?.values ?? null);
  const paying = makePaying(() => ({
    currency: current.currency,
    total_e9s: form.isWhole ? totalFor(current, form.values.hours ?? 0).total_e9s : 0n,
  }));
  let isSent = false;

  const hasChanged = $derived(seen.terms_hash !== current.terms_hash);
  const changes = $derived(hasChanged ? termChanges(seen, current) : []);
  const refusal = $derived(failure ?? holding.refusal);
  const isGone = $derived(refusal !== null && isGoneCode(refusal.code));

  const totalIn = (one: OfferingView): string =>
    form.isWhole ? formatMoney(totalFor(one, form.values.hours ?? 0).total_e9s, one.currency) : '';

  /** Each opening starts from what the page shows, or from what has had no answer yet. */
  function open() {
    seen = current = offering();
    failure = null;
    void form.loadProfile(account_id === null);
    if (isUnanswered()) {
      step = 'unanswered';
      void resume();
      return;
    }
    step = 'form';
    const begun = hours();
    if (begun !== undefined) form.values.hours = begun;
    if (account_id !== null && pays()) void paying.load();
    if (account_id !== null) void hold();
  }

  const place = () => (account_id === null ? null : { account_id, offering_id: offering().id });
  function isUnanswered(): boolean {
    const asked = place();
    return asked !== null && findUnanswered(asked) !== null;
  }
  async function resume(): Promise<void> {
    const asked = place();
    if (asked !== null) await send(() => resumeRequest(asked));
  }

  /** Keeps what is typed for when the page is loaded again. */
  function keep(open: boolean): void {
    if (isSent) return;
    saveDraft(account_id, offering().id, { open, values: $state.snapshot(form.values) });
  }

  /** A length that the terms allow, since the form may hold one that they do not. */
  function holdHours(): number {
    const { min_hours, max_hours } = current;
    return Math.min(max_hours, Math.max(min_hours, Math.trunc(form.values.hours ?? min_hours)));
  }

  async function hold(): Promise<void> {
    failure = null;
    if (await isHeld()) return;
    const refused = holding.refusal?.code;
    if (refused === undefined || isGoneCode(refused)) return;
    // Without a hold the newest terms count; they may not offer these hours any more.
    try {
      const params = { offering_id: current.id };
      current = await call(offerings.get, { params });
    } catch (error) {
      if (!isProblem(error)) throw error;
      failure = error.problem;
    }
    if (refused === 'request.invalid') await isHeld();
  }

  async function isHeld(): Promise<boolean> {
    if (!(await holding.ask(holdHours())) || !holding.hold) return false;
    current = heldOffering(offering(), holding.hold);
    return true;
  }

  /** Whether the next step may be taken: held, or free to be asked for, on terms that were seen. */
  async function holdAgain(): Promise<boolean> {
    if (holding.left_s === 0) await hold();
    return !hasChanged && !isGone && form.check();
  }

  async function next(): Promise<void> {
    if (form.check() && account_id !== null && (await holdAgain())) step = 'confirm';
  }

  async function sign(): Promise<void> {
    if (sending || account_id === null || !(await holdAgain())) return;
    const asked = { account_id, offering: current, seen, hold: holding.hold };
    await send(() => sendRequest(asked, { ...form.ask(), pays_by: paying.pays_by }));
  }

  async function send(ask: () => Promise<string | null>): Promise<void> {
    if (sending) return;
    sending = true;
    failure = null;
    try {
      const contract_id = await ask();
      if (contract_id !== null) {
        holding.forget();
        isSent = true;
        forgetDraft(account_id, offering().id);
        await form.keepSshKey();
        await done(contract_id);
      }
    } catch (error) {
      if (!isProblem(error)) throw error;
      await takeRefusal(error.problem);
    } finally {
      sending = false;
    }
  }

  async function takeRefusal(problem: ProblemDocument): Promise<void> {
    failure = problem;
    if (isUnanswered()) step = 'unanswered';
    else if (step === 'unanswered') step = 'confirm';
    // Somebody changed the terms after the hold had ended: they are held anew and shown.
    if (problem.code === 'price.changed' || problem.code === 'offering.moved') await hold();
    if (problem.errors && form.takeErrors(problem.errors)) step = 'form';
  }

  return {
    form,
    holding,
    paying,
    get seen() {
      return seen;
    },
    get current() {
      return current;
    },
    get step() {
      return step;
    },
    get sending() {
      return sending;
    },
    /** The terms are others than those that were looked at. */
    get hasChanged() {
      return hasChanged;
    },
    get changes() {
      return changes;
    },
    get refusal() {
      return refusal;
    },
    get isGone() {
      return isGone;
    },
    get total() {
      return totalIn(current);
    },
    get total_before() {
      return totalIn(seen);
    },
    open,
    close: () => holding.release(),
    keep,
    hold,
    /** The changed terms have been looked at. */
    agree() {
      seen = current;
      form.check();
    },
    back: () => (step = 'form'),
    next,
    sign,
    resume,
  };
}
