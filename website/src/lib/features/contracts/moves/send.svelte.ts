import type { HeadView, ContractView, SignedMove } from '@berth/shared/contracts/schemas';
import type { ContractAction } from '@berth/shared/contracts/machine';
import { endpoints } from '@berth/shared/endpoints';
import { isProblem, type ProblemCode } from '@berth/shared/problems';
import type { Envelope } from '@berth/shared/signing/seal';
import { invalidate } from '$app/navigation';
import { call } from '#lib/api.ts';
import type { FormAttempt } from '#lib/ui/form.svelte.ts';
import { liveKey } from '../words.ts';
import { untilAnswered } from './answered.ts';

export interface Move {
  action: ContractAction;
  data?: Record<string, unknown>;
  /** The personal part, which can be erased later. */
  part?: Record<string, unknown>;
  envelope?: Envelope;
}

/** Refusals that mean: the page shows what no longer is. */
const STALE: readonly ProblemCode[] = [
  'contract.moved',
  'contract.no_such_move',
  'contract.not_yet',
  'price.changed',
];

/** Signed moves whose answer was lost, so that a repeat sends the very same. */
const unanswered = new Map<string, SignedMove>();
let running = $state(0);

export const sending = {
  /** Whether a move of this page is under way. */
  get now(): boolean {
    return running > 0;
  },
};

type Target = Pick<ContractView, 'contract_id' | 'head' | 'role'>;

/**
 * Signs a move in this browser, sends it, and reads the page anew; also where the contract has
 * moved on in the meantime, which is thrown. A repeat of the same attempt counts once.
 */
export async function sendMove(
  view: Target,
  move: Move | ((view: Target) => Promise<Move>),
  { idempotency_key }: FormAttempt,
): Promise<HeadView> {
  running += 1;
  try {
    const body = unanswered.get(idempotency_key) ?? (await signed(view, move));
    unanswered.set(idempotency_key, body);
    const { contract_id } = view;
    const head = await untilAnswered(() =>
      call(endpoints.contracts.move, { params: { contract_id }, body }, { idempotency_key }),
    );
    unanswered.delete(idempotency_key);
    await refresh(contract_id);
    return head;
  } catch (error) {
    if (!isProblem(error)) throw error;
    if (error.problem.status !== 503) unanswered.delete(idempotency_key);
    if (STALE.includes(error.problem.code)) await refresh(view.contract_id);
    throw error;
  } finally {
    running -= 1;
  }
}

async function signed(
  view: Target,
  move: Move | ((view: Target) => Promise<Move>),
): Promise<SignedMove> {
  const [{ getSigner }, { signMove }] = await Promise.all([
    import('#lib/features/keys/signer.ts'),
    import('@berth/shared/contracts/sign'),
  ]);
  const { contract_id, head, role } = view;
  const made = typeof move === 'function' ? await move(view) : move;
  return signMove(await getSigner(role), { contract_id, head, ...made });
}

const refresh = (contract_id: string): Promise<void> => invalidate(liveKey(contract_id));
