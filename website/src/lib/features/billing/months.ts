import { monthsQuery } from '@berth/shared/ledger/months';
import type * as z from 'zod';

type Side = z.output<typeof monthsQuery>['side'];

/** What the address asks of the months; what it has wrong is left out. */
export function readMonthsQuery({ searchParams }: URL, side: Side) {
  const read = (name: 'by' | 'currency') => {
    const { data } = monthsQuery.shape[name].safeParse(searchParams.get(name) ?? undefined);
    return data === undefined ? {} : { [name]: data };
  };
  return { side, ...read('by'), ...read('currency') };
}
