import { platform } from '@berth/shared/platform/endpoints';
import { error, type RequestEvent } from '@sveltejs/kit';
import { callFor } from '#lib/server/api.ts';
import type { ApiDocument } from './document.ts';
import { makeDocs, type Docs, type DocsPage } from './pages.ts';

let made: { origin: string; docs: Docs } | undefined;

/** The documentation; made once, as a running service does not change what it is made of. */
export async function docsFor(event: RequestEvent): Promise<Docs> {
  const { origin } = event.url;
  if (made?.origin === origin) return made.docs;
  const document = await callFor(event)(platform.openapi);
  const docs = makeDocs(document as unknown as ApiDocument, origin);
  made = { origin, docs };
  return docs;
}

export async function docsPage(event: RequestEvent, href: string): Promise<DocsPage> {
  const { pages } = await docsFor(event);
  return pages.get(href) ?? error(404);
}
