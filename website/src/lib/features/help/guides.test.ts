import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contractButtons } from '@berth/shared/contracts/buttons';
import { guides } from './guides.ts';
import { piecesOf } from './pieces.ts';

const SOURCE = join(import.meta.dirname, '../../..');
/** Two minutes of slow reading. */
const MOST_WORDS = 400;

const components = globSync('**/*.svelte', { cwd: SOURCE })
  .filter((path) => !path.includes('features/help/'))
  .map((path) => readFileSync(join(SOURCE, path), 'utf8'));
const ofMachine = Object.values(contractButtons).flatMap(({ label, submit }) => [label, submit]);

/** Whether a component has a button or a link that says so. */
const isSaid = (label: string): boolean =>
  components.some((text) => new RegExp(`(>|'|"|\\n\\s*)${label}\\b`).test(text));

const hasPage = (address: string): boolean =>
  ['(public)', '.'].some((folder) =>
    existsSync(join(SOURCE, 'routes', folder, address.slice(1), '+page.svelte')),
  );

test('words in marks come apart from plain ones, in their order', () => {
  expect(piecesOf('Press **Go**, [look](/help) or run `x`.')).toEqual([
    { type: 'text', text: 'Press ' },
    { type: 'button', text: 'Go' },
    { type: 'text', text: ', ' },
    { type: 'link', text: 'look', href: '/help' },
    { type: 'text', text: ' or run ' },
    { type: 'code', text: 'x' },
    { type: 'text', text: '.' },
  ]);
});

test('every move that a guide can name has a button and one that signs it', () => {
  expect(ofMachine.filter((label) => label === '')).toEqual([]);
  expect(contractButtons.mark_provisioned).toEqual({
    label: 'Post credentials',
    submit: 'Seal, sign and post',
  });
});

describe.each(guides)('the guide $id', ({ id, title, detail, steps }) => {
  const pieces = steps.flatMap(({ text }) => piecesOf(text));

  test('names buttons as they are', () => {
    const labels = pieces.filter(({ type }) => type === 'button').map(({ text }) => text);
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.filter((one) => !ofMachine.includes(one) && !isSaid(one))).toEqual([]);
  });

  test('leads to pages that there are', () => {
    const links = pieces.flatMap((piece) => (piece.type === 'link' ? [piece.href] : []));
    expect(links.filter((href) => !hasPage(href))).toEqual([]);
  });

  test('is read in two minutes', () => {
    const said = [title, detail, ...steps.flatMap((step) => [step.title, step.text])].join(' ');
    expect({ id, words: said.split(/\s+/).length }).toSatisfy(
      ({ words }: { words: number }) => words <= MOST_WORDS,
    );
  });
});
