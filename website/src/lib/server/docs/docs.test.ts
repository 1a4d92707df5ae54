import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allEndpoints } from '@berth/shared/endpoints';
import { problems } from '@berth/shared/problems';
import { blocksOf } from './blocks.ts';
import type { ApiDocument } from './document.ts';
import { llmsText, makeDocs, twinOf } from './pages.ts';
import { groupOf } from './reference.ts';
import type { Block, Item, Span } from '#lib/features/docs/blocks.ts';

const ORIGIN = 'https://berth.example';
const file = new URL('../../../../../docs/openapi.json', import.meta.url);
const docs = makeDocs(JSON.parse(readFileSync(file, 'utf8')) as ApiDocument, ORIGIN);
const blocks = new Map([...docs.pages].map(([href, page]) => [href, blocksOf(page.markdown)]));

const headingsOf = (href: string): string[] =>
  (blocks.get(href) ?? []).flatMap((block) => (block.is === 'heading' ? [block.id] : []));

const inSpans = (spans: readonly Span[]): string[] =>
  spans.flatMap((one) =>
    typeof one !== 'string' && one.is === 'link' ? [one.href, ...inSpans(one.spans)] : [],
  );
const inItems = (items: readonly Item[]): string[] =>
  items.flatMap((one) => [...inSpans(one.spans), ...inItems(one.items ?? [])]);
const linksOf = (block: Block): string[] => {
  if (block.is === 'list') return inItems(block.items);
  return block.is === 'samples' ? [] : inSpans(block.spans);
};

test('every endpoint has a place on the page of its group, with samples and an answer', () => {
  for (const one of allEndpoints) {
    const page = blocks.get(`/docs/reference/${groupOf(one)}`) ?? [];
    const from = page.findIndex((block) => block.is === 'heading' && block.id === one.name);
    expect(from, one.name).toBeGreaterThan(0);
    const rest = page.slice(from + 1);
    const end = rest.findIndex((block) => block.is === 'heading' && block.depth === 2);
    const own = end < 0 ? rest : rest.slice(0, end);
    expect(
      own.some((block) => block.is === 'samples'),
      one.name,
    ).toBe(true);
    const titles = own.flatMap((block) => (block.is === 'heading' ? block.spans : []));
    expect(titles, one.name).toEqual(expect.arrayContaining(['Answer', 'Problems']));
    if (one.params ?? one.query) expect(titles, one.name).toContain('Parameters');
    if (one.body) expect(titles, one.name).toContain('Body');
  }
});

test('every problem has a page of its own, which its type leads to', () => {
  for (const code of Object.keys(problems)) {
    const page = docs.pages.get(`/docs/problems/${code}`);
    expect(page?.markdown, code).toContain('## What to do');
    expect(page?.markdown).toContain(`"type": "/docs/problems/${code}"`);
  }
});

test('every link within the documentation leads to a page, and to a place on it', () => {
  const astray: string[] = [];
  for (const [href, page] of blocks) {
    for (const link of page.flatMap(linksOf)) {
      if (!link.startsWith('/docs') && !link.startsWith('#')) continue;
      const [path = '', place] = link.split('#');
      const target = path === '' ? href : path.replace(/(\/index)?\.md$/, '');
      const isThere = docs.pages.has(target);
      if (!isThere || (place !== undefined && !headingsOf(target).includes(place))) {
        astray.push(`${href} -> ${link}`);
      }
    }
  }
  expect(astray).toEqual([]);
});

test('no two places on a page have one name', () => {
  for (const href of blocks.keys()) {
    const ids = headingsOf(href).filter(
      (id) => !['parameters', 'body', 'answer', 'problems'].includes(id),
    );
    expect(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      href,
    ).toEqual([]);
  }
});

test('what is listed for language models has every page once, by its twin', () => {
  const text = llmsText(docs, ORIGIN);
  for (const href of docs.pages.keys()) {
    expect(text.split(`(${ORIGIN}${twinOf(href)})`), href).toHaveLength(2);
  }
});

test('no field is told as anything where the document says what it is', () => {
  const vague = [...docs.pages.values()].flatMap(({ markdown }) =>
    markdown.split('\n').filter((line) => /^ *- `[^`]+`.* anything/.test(line)),
  );
  // It is empty until organisations sign.
  expect(new Set(vague.map((line) => line.trim()))).toEqual(
    new Set(['- `authority` list of anything']),
  );
});
