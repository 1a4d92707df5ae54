import { offerings } from '@berth/shared/offerings/endpoints';
import { offeringStateNames } from '@berth/shared/offerings/machine';
import { callFor } from '#lib/server/api.ts';
import type { PageServerLoad } from './$types';

const QUERY_MAX = 200;

export const load: PageServerLoad = async (event) => {
  event.depends('live:offerings');
  const { searchParams } = event.url;
  const asked = searchParams.get('state');
  const state = offeringStateNames.find((name) => name === asked);
  const q = (searchParams.get('q') ?? '').slice(0, QUERY_MAX);
  const cursor = searchParams.get('cursor') ?? undefined;
  const query = { q, ...(state ? { state } : {}), ...(cursor === undefined ? {} : { cursor }) };
  const call = callFor(event);
  const [own, { items: changes }] = await Promise.all([
    call(offerings.listOwn, { query }),
    call(offerings.listBulk),
  ]);
  return { own, changes, state: state ?? null, q };
};
