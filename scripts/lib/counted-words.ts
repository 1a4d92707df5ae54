import type { SourceFile } from '../tidy.ts';

/** What is counted in a sentence. */
const COUNTED = [
  ...['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'],
  ...['offerings', 'contracts', 'rentals', 'requests', 'units', 'renters', 'providers', 'people'],
  ...['entries', 'notices', 'searches', 'suggestions', 'keys', 'devices', 'sessions', 'words'],
  ...['letters', 'characters', 'bytes', 'blocks', 'rows', 'columns', 'cells', 'fields', 'files'],
  ...['items', 'values', 'levels', 'times', 'attempts', 'reasons', 'secrets', 'others'],
].join('|');

/** A value and the plural of a word, which a value of 1 makes wrong; in a text, and in markup. */
const PLURAL = String.raw`\{([^{}]*)\}(?:</\w+>)?\s+(?:[a-z]+ )?(?:${COUNTED})\b(?![=\w/-])`;
const BY_HAND = new RegExp(String.raw`\$${PLURAL}`, 'g');
const IN_MARKUP = new RegExp(PLURAL, 'g');
const SCRIPT = /<script[^>]*>[\s\S]*?<\/script>/g;
const withoutScripts = (component: string): string =>
  component.replace(SCRIPT, (script) => script.replace(/[^\n]/g, ' '));
/** Named limits are more than one, and what already is words is no number. */
const NO_NUMBER = /^[A-Z][A-Z0-9_.]*(?:\.toLocaleString\('en'\))?$|[wW]ords\b|\bcounted\(/;

/** What is counted, and a verb that a count of 1 makes wrong. */
const VERBS = 'are|were|have|begin|run|go|end|start|wait|stay|pass';
const VERB = new RegExp(
  String.raw`\{[^{}]*(?:[hH]oursWords\(|lengthWords\(|counted\()[^{}]*\}\s+(?:${VERBS})\b`,
  'g',
);
const LITERAL = new RegExp(String.raw`(?<![-\d.,])\b1 (?:${COUNTED})\b`, 'g');
const CHOICE = /=== 1 \? (['"`])([^'"`]*)\1 : (['"`])([^'"`]*)\3/g;

const isPlural = (one: string, many: string): boolean =>
  many === `${one}s` ||
  many === one.replace(/y$/, 'ies') ||
  one === `${many}s` ||
  ['is are', 'has have', 'it them', 'goes go'].includes(`${one} ${many}`.toLowerCase());

const SPEAKS =
  /^(?:shared|api|website|sdk|cli)\/src\/|^scripts\/(?:icp|admin|seed|lib\/icp-words)\.ts$/;

/** What is counted is said by `counted`, so that no sentence can say it wrong. */
export function countedWords({ path, text }: SourceFile): string[] {
  const isCount = path === 'shared/src/count.ts';
  if (isCount || !SPEAKS.test(path) || !/\.(ts|svelte)$/.test(path) || /\.test\.ts$/.test(path)) {
    return [];
  }
  const found = [
    ...[
      ...text.matchAll(BY_HAND),
      ...(path.endsWith('.svelte') ? withoutScripts(text).matchAll(IN_MARKUP) : []),
    ].filter(([, said = '']) => !NO_NUMBER.test(said)),
    ...text.matchAll(VERB),
    ...text.matchAll(LITERAL),
    ...[...text.matchAll(CHOICE)].filter(([, , one = '', , many = '']) => isPlural(one, many)),
  ];
  return found.map(({ index, 0: said }) => {
    const line = text.slice(0, index).split('\n').length;
    const sentence = 'is wrong of one: write counted(count, word), or wordFor';
    return `${path}:${line} "${said.replace(/\s+/g, ' ')}" ${sentence}`;
  });
}
