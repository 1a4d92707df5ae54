import { docsFor } from '#lib/server/docs/index.ts';
import { llmsText } from '#lib/server/docs/pages.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
  const text = llmsText(await docsFor(event), event.url.origin);
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
};
