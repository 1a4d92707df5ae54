import type { ContractView } from '@berth/shared/contracts/schemas';
import { contracts } from '@berth/shared/contracts/endpoints';
import { ledger } from '@berth/shared/ledger/endpoints';
import type { BillingView, ContractMoney } from '@berth/shared/ledger/schemas';
import { readSshPublicKey, type SshPublicKey } from '@berth/shared/ssh-key';
import { redirect, type RequestEvent } from '@sveltejs/kit';
import { callFor, whatIsHere } from '#lib/server/api.ts';
import { hrefOf, liveKey, type Side } from '../words.ts';

export type SshKeyName = Pick<SshPublicKey, 'type' | 'bits' | 'fingerprint'>;

export interface ContractData {
  view: ContractView;
  /** What was held, earned and paid back; null where nothing is paid here. */
  money: ContractMoney | null;
  /** Where and how what is missing is paid; null where nothing is, or it is another's. */
  billing: BillingView | null;
  ssh_key: SshKeyName | null;
}

interface LoadEvent extends RequestEvent {
  params: { contract_id: string };
  depends: (...keys: `${string}:${string}`[]) => void;
}

/**
 * What a contract page shows to one side; the other side of one's own contract has its own address.
 */
export async function loadContract(event: LoadEvent, role: Side): Promise<ContractData> {
  const { contract_id } = event.params;
  event.depends(liveKey(contract_id));
  const call = callFor(event);
  const params = { contract_id };
  const { pays } = await whatIsHere(event);
  const [view, money] = await Promise.all([
    call(contracts.get, { params }),
    pays ? call(ledger.contract, { params }) : null,
  ]);
  if (view.role !== role) redirect(303, hrefOf(view));
  const isUnpaid =
    role === 'renter' && view.ended_at === null && (money?.escrow?.missing_e9s ?? '0') !== '0';
  const billing = isUnpaid ? await call(ledger.billing) : null;
  return { view, money, billing, ssh_key: nameOf(view.request?.ssh_public_key) };
}

function nameOf(public_key: string | null | undefined): SshKeyName | null {
  const read = public_key ? readSshPublicKey(public_key) : null;
  if (!read?.ok) return null;
  const { type, bits, fingerprint } = read.key;
  return { type, bits, fingerprint };
}
