import { isDemo } from '#lib/server/api.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async (event) => {
  event.depends('live:notices', 'berth:session');
  const [me, demo] = await Promise.all([event.locals.me(), isDemo(event)]);
  return { me, demo };
};
