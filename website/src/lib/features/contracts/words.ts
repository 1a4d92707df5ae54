import type { ContractAction } from '@berth/shared/contracts/machine';
import type { ContractItem, ContractView, EntryView } from '@berth/shared/contracts/schemas';
import { formatMoney, type Currency } from '@berth/shared/money';
import { hoursWords } from './hours.ts';

export type Side = 'renter' | 'provider';

export const otherSide: Record<Side, Side> = { renter: 'provider', provider: 'renter' };

/** Where one side's contracts are, on the website. */
export const listHref: Record<Side, string> = {
  renter: '/dashboard/rentals',
  provider: '/dashboard/provider/requests',
};

export const hrefOf = ({ role, contract_id }: Pick<ContractItem, 'role' | 'contract_id'>) =>
  `${listHref[role]}/${contract_id}`;

/** `live.ts` refreshes what depends on this when the contract moves. */
export const liveKey = (contract_id: string): `live:${string}` => `live:contract/${contract_id}`;

/** What somebody did, after their name: "Ada signed the request". */
const deeds: Record<ContractAction, string> = {
  request: 'signed the request',
  submit: 'asked the provider',
  import: 'took over the request that the renter signed on the Internet Computer',
  accept: 'accepted',
  reject: 'declined',
  start_provisioning: 'started provisioning',
  mark_provisioned: 'posted the sealed credentials',
  activate: 'started the paid clock',
  complete: 'ended the term',
  cancel: 'cancelled',
  expire: 'closed the unanswered request',
  fail: 'ended the provisioning',
  extend: 'proposed an extension',
  open_credentials: 'signed for the credentials',
  rotate_credentials: 'posted new credentials',
  message: 'sent a message',
};

/** What an entry of the log says, without the name of who made it. */
export function deedOf({ action, data }: EntryView, currency: Currency): string {
  if (action === 'import' && 'accepted' in data) {
    const answer = data['accepted'] === true ? 'acceptance' : 'refusal';
    return `took over the ${answer} that the provider signed on the Internet Computer`;
  }
  if (action !== 'extend') return deeds[action];
  const { hours, extra_e9s, accepts } = data as {
    hours: number;
    extra_e9s: string;
    accepts: string | null;
  };
  const price = formatMoney(BigInt(extra_e9s), currency);
  const verb = accepts === null ? 'proposed' : 'agreed to';
  return `${verb} ${hoursWords(hours)} more for ${price}`;
}

/** The note that goes with an entry: a reason, or the system's own words; empty for none. */
export function noteOf({ action, private: part, memo, data }: EntryView): string {
  if (action === 'import') {
    const { block_offset, entry } = data as { block_offset: number; entry: number };
    return `Entry ${entry} of the block at byte ${block_offset.toLocaleString('en')}`;
  }
  const reason = part?.['reason'];
  return typeof reason === 'string' && reason !== '' ? reason : memo;
}

/** Whether an entry moved the contract to another state. */
export const isMove = ({ from_state, to_state }: EntryView): boolean => from_state !== to_state;

/** What waits on the reader, in two words; null when the other side or nobody is waited on. */
export function waitWords({ state, role, waits_on }: ContractItem): string | null {
  if (waits_on !== role) return null;
  if (state === 'pending') return 'Answer';
  if (state === 'accepted') return 'Start provisioning';
  if (state === 'provisioning') return 'Post credentials';
  return state === 'active' ? 'Answer the extension' : 'Open credentials';
}

/** What a deadline means, before its time: "expires", "ends". */
export function dueWords(state: ContractView['state']): string {
  if (state === 'requested' || state === 'pending') return 'expires';
  if (state === 'accepted' || state === 'provisioning') return 'fails if not ready';
  return state === 'provisioned' ? 'starts by itself' : 'ends';
}
