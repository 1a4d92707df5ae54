import { isListed } from '@berth/shared/offerings/machine';
import type { SavedOffering } from '@berth/shared/saved/schemas';
import type { Unit } from '@berth/shared/price';
import { formatMoney, type Currency } from '@berth/shared/money';
import { unitWords } from '@berth/shared/offerings/catalogue';

type Rate = Pick<SavedOffering['told'], 'price_e9s' | 'unit' | 'setup_fee_e9s' | 'currency'>;

/** `$2.40 per hour and $5.00 once`. */
function rateWords({ price_e9s, unit, setup_fee_e9s, currency }: Rate): string {
  const money = (amount_e9s: string) => formatMoney(BigInt(amount_e9s), currency as Currency);
  const rate = `${money(price_e9s)} ${unitWords[unit as Unit].per}`;
  return BigInt(setup_fee_e9s) === 0n ? rate : `${rate} and ${money(setup_fee_e9s)} once`;
}

/** What is otherwise than it was when it was saved or last told of, a sentence each. */
export function newsOf({ told, offering }: SavedOffering): string[] {
  if (!offering) return ['It is no longer shown'];
  const news = [];
  const [was, is] = [rateWords(told), rateWords(offering)];
  if (was !== is) news.push(`Now ${is}, was ${was}`);
  const available = isListed(offering.state) && offering.stock > 0;
  if (available !== told.available) {
    news.push(available ? 'Can be rented again' : 'Cannot be rented right now');
  }
  return news;
}
