import { ledger } from '@berth/shared/ledger/endpoints';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { searchParams } = event.url;
  const [account, cursor] = [searchParams.get('account'), searchParams.get('cursor')];
  const query = {
    ...(account === null ? {} : { account }),
    ...(cursor === null ? {} : { cursor }),
  };
  const call = callFor(event);
  const [trial, entries] = await Promise.all([call(ledger.trial), call(ledger.entries, { query })]);
  return { trial, entries, account };
};
