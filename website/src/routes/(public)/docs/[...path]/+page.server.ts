import { blocksOf } from '#lib/server/docs/blocks.ts';
import { docsPage } from '#lib/server/docs/index.ts';
import { twinOf } from '#lib/server/docs/pages.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const { path } = event.params;
  const { href, title, detail, markdown } = await docsPage(event, path ? `/docs/${path}` : '/docs');
  const [, ...blocks] = blocksOf(markdown);
  const places = blocks.flatMap((block) =>
    block.is === 'heading' && block.depth === 2 && block.name !== undefined
      ? [{ id: block.id, title: block.spans.filter((one) => typeof one === 'string').join('') }]
      : [],
  );
  return { title, detail, twin: twinOf(href), blocks, places };
};
