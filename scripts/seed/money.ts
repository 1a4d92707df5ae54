/** The demo's money: what people pay in, who they are on papers, what goes to their banks. */
import { endpoints } from '@berth/shared/endpoints';
import { balanceOf, payableOf } from '@berth/shared/ledger/accounts';
import { E9, type Currency } from '@berth/shared/money';
import type { DetailsInput } from '@berth/shared/papers/schemas';
import { getAnyBalance } from '../../api/src/modules/ledger/index.ts';
import { payIn } from '../../api/test/money.ts';
import type { Client } from '../../api/test/people.ts';
import type { World } from './world.ts';

/** People pay in, and have paid out, round amounts. */
const ROUND_E9S = 250n * E9;

/** Who the demo's two identities are on papers; an IBAN that examples use, of no account. */
const onPapers: Record<string, DetailsInput> = {
  'mira-okafor': {
    ...{ name: 'Mira Okafor', line1: 'Voorbeeldgracht 12', line2: '' },
    ...{ postcode: '3511 ZZ', city: 'Utrecht', country: 'NL', vat_id: '' },
  },
  'lowland-metal': {
    ...{ name: 'Lowland Metal B.V.', line1: 'Voorbeeldkade 40', line2: 'Hall C' },
    ...{ postcode: '1099 ZZ', city: 'Amsterdam', country: 'NL', vat_id: '' },
  },
};
const BANK_ACCOUNT = { holder: 'Lowland Metal B.V.', iban: 'NL91ABNA0417164300' };

/** Says who somebody is on invoices, where the demo knows. */
export async function introduceToBilling(client: Client, handle: string): Promise<void> {
  const body = onPapers[handle];
  if (body) await client.ask(endpoints.papers.setDetails, { body });
}

/** Has most of what a provider has earned paid out to its bank; nothing where nothing is paid. */
export async function askPayout({ deps }: World, provider: Client): Promise<void> {
  if (deps.config.payments === 'off') return;
  await provider.ask(endpoints.payouts.setBankAccount, { body: BANK_ACCOUNT });
  const earned_e9s = await getAnyBalance(deps.db, payableOf(provider.account.id), 'EUR');
  const amount_e9s = ((earned_e9s / ROUND_E9S) * ROUND_E9S).toString();
  await provider.ask(endpoints.payouts.ask, {
    body: { source: 'payable', currency: 'EUR', amount_e9s },
  });
}

/** Pays in what somebody's balance has not, as an admin books it; nothing where nothing is paid. */
export async function payAhead(
  { deps }: World,
  renter: Client,
  currency: Currency,
  needed_e9s: bigint,
): Promise<void> {
  if (deps.config.payments === 'off') return;
  const missing_e9s =
    needed_e9s - (await getAnyBalance(deps.db, balanceOf(renter.account.id), currency));
  if (missing_e9s <= 0n) return;
  await payIn(deps, renter, currency, ((missing_e9s - 1n) / ROUND_E9S + 1n) * ROUND_E9S);
}
