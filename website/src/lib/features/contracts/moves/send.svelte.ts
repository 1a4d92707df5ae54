import type { ContractView, SignedMove } from '@berth/shared/contracts/schemas';
import type { ContractAction } from '@berth/shared/contracts/machine';
import { contracts } from '@berth/shared/contracts/endpoints';
import { isProblem, problem, type ProblemCode } from '@berth/shared/problems';
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
  /** It goes out beside whatever dialog is open, and is no outcome of that. */
  beside?: true;
}

/** Refusals that mean: the page shows what no longer is. */
const STALE: readonly ProblemCode[] = [
  'contract.moved',
  'contract.no_such_move',
  'contract.not_yet',
  'price.changed',
];

/**
 * What came of what was signed since a dialog was opened. While it is `open` nobody here knows, and
 * once it has `counted` whatever else the page learns of the contract is no news to the signer.
 */
export type Outcome = 'nothing signed' | 'open' | 'counted' | 'refused';

let outcome = $state<Outcome>('nothing signed');
/** Signed moves whose answer was lost, so that a repeat sends the very same. */
const unanswered = new Map<string, SignedMove>();

export const signing = {
  get outcome(): Outcome {
    return outcome;
  },
  /** A dialog is opened: what was signed before is not its own. */
  begin() {
    outcome = 'nothing signed';
  },
};

/**
 * Signs a move in this browser, sends it, and reads the page anew; also where the contract has
 * moved on in the meantime, which is thrown. A repeat of the same attempt counts once. Whether it
 * counted is what the contract's log says, not whether an answer came back.
 */
export async function sendMove(
  view: ContractView,
  move: Move | ((view: ContractView) => Promise<Move>),
  { idempotency_key }: FormAttempt,
): Promise<void> {
  const { contract_id } = view;
  const note = (came: Outcome) => {
    if (typeof move === 'function' || !move.beside) outcome = came;
  };
  const body = unanswered.get(idempotency_key) ?? (await signed(view, move));
  unanswered.set(idempotency_key, body);
  note('open');
  try {
    await untilAnswered(() =>
      call(contracts.move, { params: { contract_id }, body }, { idempotency_key }),
    );
  } catch (error) {
    if (!isProblem(error)) throw error;
    const { status, code } = error.problem;
    const isLost = status === 503;
    if ((isLost || STALE.includes(code)) && (await hasCounted(contract_id))) {
      note('counted');
      forget(contract_id);
      return refresh(contract_id);
    }
    if (!isLost) {
      note('refused');
      unanswered.delete(idempotency_key);
    }
    if (STALE.includes(code)) await refresh(contract_id);
    throw error;
  }
  note('counted');
  forget(contract_id);
  await refresh(contract_id);
}

function forget(contract_id: string): void {
  for (const [key, { statement }] of unanswered) {
    if (statement.subject_id === contract_id) unanswered.delete(key);
  }
}

/** Whether the log holds what was signed here and has no answer; not while nobody can be asked. */
async function hasCounted(contract_id: string): Promise<boolean> {
  const { hashOf } = await import('@berth/shared/signing/statement');
  const sent = [...unanswered.values()].map(({ statement }) => statement);
  const hashes = sent.filter((one) => one.subject_id === contract_id).map(hashOf);
  try {
    const { entries } = await call(contracts.get, { params: { contract_id } });
    return entries.some(({ hash }) => hashes.includes(hash));
  } catch (error) {
    if (!isProblem(error)) throw error;
    return false;
  }
}

async function signed(
  view: ContractView,
  move: Move | ((view: ContractView) => Promise<Move>),
): Promise<SignedMove> {
  const [{ getSigner }, { signMove }, { problemOfMove }] = await Promise.all([
    import('#lib/features/keys/signer.ts'),
    import('@berth/shared/contracts/sign'),
    import('@berth/shared/contracts/own-figures'),
  ]);
  const { contract_id, head, role } = view;
  const { beside: _, ...made } = typeof move === 'function' ? await move(view) : move;
  const signer = await getSigner(role);
  const refused = problemOfMove(view, made, signer.now_ms());
  if (refused !== null) throw problem('statement.invalid', refused);
  return signMove(signer, { contract_id, head, ...made });
}

const refresh = (contract_id: string): Promise<void> => invalidate(liveKey(contract_id));
