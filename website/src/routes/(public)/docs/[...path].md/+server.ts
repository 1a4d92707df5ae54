import { docsPage } from '#lib/server/docs/index.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async (event) => {
  const { path } = event.params;
  const { markdown } = await docsPage(event, path === 'index' ? '/docs' : `/docs/${path}`);
  return new Response(markdown, { headers: { 'content-type': 'text/markdown; charset=utf-8' } });
};
