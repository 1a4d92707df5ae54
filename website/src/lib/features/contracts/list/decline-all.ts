import { declining } from '@berth/shared/contracts/machine';
import type { ContractItem } from '@berth/shared/contracts/schemas';
import { contracts } from '@berth/shared/contracts/endpoints';
import { MAX_PAGE_SIZE } from '@berth/shared/fields';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { sendMove } from '../moves/send.svelte.ts';

/** Every request of a renter that waits for an answer. */
export async function findWaiting(other: string): Promise<ContractItem[]> {
  const found: ContractItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(contracts.list, {
      query: { role: 'provider', state: [declining.state], other, limit: MAX_PAGE_SIZE, cursor },
    });
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

/**
 * Declines each, one signed statement a contract; answers how many. What was answered or taken
 * back in the meantime is passed over.
 */
export async function declineAll(
  waiting: readonly ContractItem[],
  reason: string,
  onprogress: (done: number) => void,
): Promise<number> {
  let declined = 0;
  for (const [at, { contract_id }] of waiting.entries()) {
    if (await declineOne(contract_id, reason)) declined += 1;
    onprogress(at + 1);
  }
  return declined;
}

async function declineOne(contract_id: string, reason: string): Promise<boolean> {
  const view = await call(contracts.get, { params: { contract_id } });
  const refund_e9s = view.moves.find(({ action }) => action === declining.action)?.refund
    ?.refund_e9s;
  if (refund_e9s === undefined) return false;
  try {
    const move = { action: declining.action, data: { refund_e9s }, part: { reason } };
    await sendMove(view, move, { idempotency_key: crypto.randomUUID() });
    return true;
  } catch (error) {
    if (isProblem(error) && error.problem.code === 'contract.moved') return false;
    throw error;
  }
}
