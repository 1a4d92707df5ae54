import { contracts } from '@berth/shared/contracts/endpoints';
import type { ContractItem } from '@berth/shared/contracts/schemas';
import { acceptanceOf } from '@berth/shared/contracts/sign';
import { isProblem } from '@berth/shared/problems';
import { invalidate } from '$app/navigation';
import { call } from '#lib/api.ts';
import { sendMove } from '../moves/send.svelte.ts';
import { moveWith } from '../rows.ts';
import { acceptEach, obstacleTo, summaryOf, type Asked, type Came } from './accept-each.ts';

type Step = 'reading' | 'summary' | 'signing' | 'done';

/**
 * Several requests that are accepted at once: each is read as it is now, what would be signed is
 * summed up, then each is signed. What had no answer is sent again as it was.
 */
export function makeAccepting(items: readonly ContractItem[]) {
  let step = $state<Step>('reading');
  let asked = $state.raw<readonly Asked[]>([]);
  let came = $state.raw<readonly Came[]>([]);
  let done = $state(0);
  let total = $state(items.length);
  let failure = $state('');
  let isStopped = $state(false);
  const summary = $derived(summaryOf(asked.map(({ view }) => view)));

  /** Reads each as it is now; what cannot be accepted any more is set aside with why. */
  async function read(wanted: readonly ContractItem[], kept: readonly Asked[]) {
    step = 'reading';
    [done, total, failure] = [0, wanted.length, ''];
    const [{ problemOfMove }, { getSigner }] = await Promise.all([
      import('@berth/shared/contracts/own-figures'),
      import('#lib/features/keys/signer.ts'),
    ]);
    const { now_ms } = await getSigner('provider');
    const found: Asked[] = [...kept];
    const aside: Came[] = [];
    for (const item of wanted) {
      const { contract_id } = item;
      const view = await call(contracts.get, { params: { contract_id } });
      const action = moveWith(view, 'terms')?.action;
      const mismatch = action ? problemOfMove(view, { action }, now_ms()) : null;
      const why = obstacleTo(view, mismatch);
      if (why === null) found.push({ item, view, idempotency_key: crypto.randomUUID() });
      else aside.push({ item, outcome: 'refused', why });
      done += 1;
    }
    asked = found;
    came = [...came, ...aside];
    step = found.length > 0 ? 'summary' : 'done';
  }

  async function tryTo(work: () => Promise<void>) {
    try {
      await work();
    } catch (error) {
      if (!isProblem(error)) throw error;
      failure = error.message;
    }
  }

  async function send({ view, idempotency_key }: Asked) {
    const action = moveWith(view, 'terms')?.action;
    if (action) await sendMove(view, { action, data: acceptanceOf(view) }, { idempotency_key });
  }

  return {
    get step() {
      return step;
    },
    get summary() {
      return summary;
    },
    get came() {
      return came;
    },
    get done() {
      return done;
    },
    get total() {
      return total;
    },
    get failure() {
      return failure;
    },
    get isStopped() {
      return isStopped;
    },
    begin: () => tryTo(() => read(items, [])),
    stop() {
      isStopped = true;
    },
    async sign() {
      step = 'signing';
      [done, total, isStopped] = [0, asked.length, false];
      await acceptEach(asked, send, {
        goesOn: () => !isStopped,
        oncame: (one) => {
          came = [...came, one];
          if (one.outcome === 'counted' || one.outcome === 'refused') done += 1;
        },
      });
      step = 'done';
      await invalidate('live:contracts');
    },
    /** Again, what was not signed, as it is now, and what had no answer, as it was signed. */
    async again() {
      const open = came.filter(({ outcome }) => outcome === 'unknown' || outcome === 'not_sent');
      const unknown = new Set(
        open.flatMap(({ item, outcome }) => (outcome === 'unknown' ? [item.contract_id] : [])),
      );
      const kept = asked.filter(({ item }) => unknown.has(item.contract_id));
      const wanted = open.filter(({ outcome }) => outcome === 'not_sent').map(({ item }) => item);
      const before = came;
      came = came.filter((one) => !open.includes(one));
      await tryTo(() => read(wanted, kept));
      if (failure !== '') came = before;
      if (failure !== '') step = 'done';
    },
  };
}
