import { guides } from '#lib/features/help/guides.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = () => ({
  guides: guides.map(({ id, title, detail }) => ({ id, title, detail })),
});
