import { market } from '@berth/shared/market/endpoints';
import { writeTerm } from '@berth/shared/market/query-write';
import { outcomeOf } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  // The page stands without the prices.
  const outcome = await outcomeOf(event, market.featured);
  if (!outcome.ok) return { featured: null };
  const { at, items } = outcome.value;
  // Written here, so that the language of search stays out of the front page.
  const queryOf = ({ gpu_model, currency }: (typeof items)[number]) =>
    `gpu:${writeTerm('gpu', gpu_model)} currency:${currency}`;
  return { featured: { at, items: items.map((item) => ({ ...item, q: queryOf(item) })) } };
};
