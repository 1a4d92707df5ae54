import { whatIsHere } from '#lib/server/api.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
  event.depends('live:notices', 'berth:session');
  const [me, here] = await Promise.all([event.locals.me(), whatIsHere(event)]);
  return { me, ...here };
};
