import { completionAt, type Completion } from './completion.ts';
import { fieldNames, operatorsOf, searchFields, type FieldName } from './fields.ts';
import { foldName } from './fold.ts';
import { hardware } from './hardware-table.ts';
import { writeTerm } from './query-write.ts';

/** What may stand from `from` to `to`, with words for people beside it. */
export interface Suggestion {
  text: string;
  from: number;
  to: number;
  type: 'field' | 'value';
  label: string;
}

type Option = Pick<Suggestion, 'text' | 'label' | 'type'>;

const operatorWords = { '=': 'exactly', '<': 'less than', '<=': 'at most', '>': 'more than' };
const flagWords = { yes: 'Yes', no: 'No' };

/** The fields that a name begins, then those of which another word begins so. */
function fieldOptions(prefix: string): Option[] {
  const wanted = foldName(prefix);
  const begins = (text: string) => foldName(text).startsWith(wanted);
  const named = fieldNames.filter(begins);
  const meant = fieldNames.filter((name) => {
    const { label, also } = searchFields[name];
    return !named.includes(name) && wanted !== '' && [label, ...also].some(begins);
  });
  return [...named, ...meant].map((name) => {
    const { label, help } = searchFields[name];
    return { text: `${name}:`, label: `${label}. ${help}`, type: 'field' };
  });
}

function operatorOptions(field: FieldName): Option[] {
  const words: Partial<Record<string, string>> = { ...operatorWords, '>=': 'at least' };
  return operatorsOf(field)
    .filter((op) => op !== '=')
    .map((op) => ({ text: op, label: words[op] ?? op, type: 'value' }));
}

/** Families, newest first, each with its models where there are several. */
const gpus = [...Map.groupBy(hardware, ({ family }) => family)]
  .sort(([, [a]], [, [b]]) => (b?.year ?? 0) - (a?.year ?? 0))
  .flatMap(([family, rows]) => [
    ...(rows.length === 1 ? [] : [{ name: family, label: rows[0]?.generation ?? '' }]),
    ...rows.map(({ name, generation, memory_gib }) => {
      return { name, label: `${generation}, ${memory_gib} GB` };
    }),
  ]);

/** By a part of their name: first those that it begins, then those that it ends, then newest. */
function hardwareOptions(prefix: string): Option[] {
  const wanted = foldName(prefix);
  const named = gpus.map(({ name, label }) => ({
    name,
    label,
    at: foldName(name).indexOf(wanted),
  }));
  const isEnd = ({ name }: { name: string }) => Number(foldName(name).endsWith(wanted));
  return named
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at || isEnd(b) - isEnd(a))
    .map(({ name, label }) => ({ text: writeTerm('gpu', name), label, type: 'value' }));
}

function valueOptions(field: FieldName, prefix: string): Option[] {
  if (field === 'gpu') return hardwareOptions(prefix);
  const { type, values } = searchFields[field];
  const known = type === 'flag' ? flagWords : (values ?? {});
  const wanted = foldName(prefix);
  return Object.entries(known)
    .filter((entry) => entry.some((said) => foldName(said).startsWith(wanted)))
    .map(([text, label]) => ({ text, label, type: 'value' }));
}

function optionsOf({ wanted, field, prefix }: Completion): Option[] {
  if (field === null) return fieldOptions(prefix);
  return wanted === 'operator' ? operatorOptions(field) : valueOptions(field, prefix);
}

/** At most `most` things to type at a place that need no offerings to be known. */
export function suggestionsAt(text: string, at: number, most: number): Suggestion[] {
  const completion = completionAt(text, at);
  const { from, to, wanted } = completion;
  const isQuote = wanted === 'word' && text[from] === '"';
  if (isQuote) return [];
  return optionsOf(completion)
    .slice(0, most)
    .map((option) => ({ ...option, from, to }));
}
