import type * as z from 'zod';
import { columnNames, importColumns } from '@berth/shared/offerings/columns';
import type { importMapping, MappingTarget, transform } from '@berth/shared/offerings/mapping';

export type MappingAsk = z.input<typeof importMapping>;
export type Source = NonNullable<MappingAsk['columns'][MappingTarget]>;
export type Transform = z.input<typeof transform>;
export type Target = MappingTarget;

/** A column of the file, with the first cell that says something. */
export interface FileColumn {
  name: string;
  example: string;
}

export const targets = columnNames.filter((name) => name !== 'id');

/** What no offering is without. */
export const neededTargets: readonly Target[] = ['kind', 'title', 'country', 'price'];

/** Shown: what is mapped, and what is needed and is not; in the order of an export. */
export const shownTargets = ({ columns }: MappingAsk): readonly Target[] =>
  targets.filter((name) => columns[name] !== undefined || neededTargets.includes(name));

export const meansOf = (name: Target): string => importColumns[name].means;

export const transformLabels: Record<Transform['type'], { label: string; hint: string }> = {
  words: { label: 'Other words', hint: 'One a line: theirs = ours, such as VPS = compute' },
  remove: { label: 'Take away', hint: 'A text that is left out, such as NVIDIA' },
  number: { label: 'The first number', hint: '' },
  multiply: { label: 'Multiply by', hint: 'A number, such as 60 for a price of a minute' },
  divide: { label: 'Divide by', hint: 'A number, such as 100 for cents' },
  list: { label: 'Parted by', hint: 'What parts the items of a list, such as ,' },
};
export const transformTypes = Object.keys(transformLabels) as Transform['type'][];

function transformWords(one: Transform): string {
  switch (one.type) {
    case 'words': {
      const pairs = Object.entries(one.words).map(([theirs, ours]) => `${theirs} is ${ours}`);
      return pairs.join(', ');
    }
    case 'remove':
      return `without “${one.text}”`;
    case 'number':
      return 'the first number';
    case 'multiply':
      return `× ${one.by}`;
    case 'divide':
      return `÷ ${one.by}`;
    case 'list':
      return `parted by “${one.by}”`;
  }
}

/** Where a field comes from, in words. */
export function sourceWords(source: Source): string {
  if (source.type === 'column') return source.from;
  return source.type === 'value' ? `always “${source.value}”` : source.text;
}

/** What is done to it on the way, in words. */
export function onTheWay(source: Source): string {
  if (source.type !== 'column') return '';
  const said = [
    ...(source.transforms ?? []).map(transformWords),
    ...(source.otherwise ? [`else “${source.otherwise}”`] : []),
    ...(source.optional ? ['left out where it cannot be used'] : []),
  ];
  return said.join('; ');
}

/** What the file's first row has for it, before anything is done to it. */
export function sampleOf(source: Source, file: readonly FileColumn[]): string {
  const exampleOf = (wanted: string) => file.find(({ name }) => name === wanted)?.example ?? '';
  if (source.type === 'value') return source.value;
  if (source.type === 'column') return exampleOf(source.from);
  return source.text.replace(/\{([^{}]+)\}/g, (_, name: string) => exampleOf(name.trim()));
}

/** A source as a form holds it: every kind at once, so that changing one's mind loses nothing. */
export interface SourceDraft {
  type: Source['type'];
  from: string;
  value: string;
  text: string;
  otherwise: string;
  optional: boolean;
  transforms: { type: Transform['type']; text: string }[];
}

export const draftOf = (source: Source | undefined): SourceDraft => ({
  type: source?.type ?? 'column',
  from: source?.type === 'column' ? source.from : '',
  value: source?.type === 'value' ? source.value : '',
  text: source?.type === 'text' ? source.text : '',
  otherwise: (source?.type === 'column' && source.otherwise) || '',
  optional: (source?.type === 'column' && source.optional) || false,
  transforms: (source?.type === 'column' ? (source.transforms ?? []) : []).map(draftOfTransform),
});

function draftOfTransform(one: Transform): SourceDraft['transforms'][number] {
  if (one.type === 'number') return { type: one.type, text: '' };
  if (one.type === 'remove') return { type: one.type, text: one.text };
  if (one.type !== 'words') return { type: one.type, text: one.by };
  const lines = Object.entries(one.words).map(([theirs, ours]) => `${theirs} = ${ours}`);
  return { type: one.type, text: lines.join('\n') };
}

function transformOf({ type, text }: SourceDraft['transforms'][number]): Transform {
  if (type === 'number') return { type };
  if (type === 'remove') return { type, text };
  if (type !== 'words') return { type, by: type === 'list' ? text : text.trim() };
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.lastIndexOf('=');
    return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
  });
  return { type, words: Object.fromEntries(pairs) as Record<string, string> };
}

/** The source that a draft says; null while what it needs is empty. */
export function sourceOf(draft: SourceDraft): Source | null {
  const { type, from, value, text, otherwise, optional, transforms } = draft;
  if (type === 'value') return { type, value };
  if (type === 'text') return text.trim() === '' ? null : { type, text };
  if (from === '') return null;
  return { type, from, transforms: transforms.map(transformOf), otherwise, optional };
}
