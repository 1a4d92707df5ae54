import { error } from '@sveltejs/kit';
import { findGuide, guides } from '#lib/features/help/guides.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ params }) => {
  const guide = findGuide(params.guide);
  if (!guide) error(404);
  const others = guides.filter(({ id }) => id !== guide.id);
  return { guide, others: others.map(({ id, title, detail }) => ({ id, title, detail })) };
};
