import { docsFor } from '#lib/server/docs/index.ts';
import type { PageServerLoad } from './$types';

const MAX_QUERY = 100;
const MOST_FOUND = 50;

export const load: PageServerLoad = async (event) => {
  const q = (event.url.searchParams.get('q') ?? '').slice(0, MAX_QUERY).trim();
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const { entries } = await docsFor(event);
  const found = entries.filter((one) => {
    const text = `${one.title} ${one.detail} ${one.href}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return { q, found: words.length === 0 ? [] : found.slice(0, MOST_FOUND) };
};
