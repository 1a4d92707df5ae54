import type { SourceFile } from '../tidy.ts';

/** A word that is not everyday, as sentences have it, and its name in the website's glossary. */
const HARD: readonly [RegExp, string][] = [
  [/\bprincipal\b/i, 'principal'],
  [/\bseal(?:s|ed)?\b/i, 'sealed'],
  [/\bstatements?\b/i, 'statement'],
  [/\bevidence\b/i, 'evidence'],
  [/\bencryption key\b/i, 'encryption_key'],
  [/\bdevice key\b/i, 'device_key'],
  [/\bhost-key fingerprint\b/i, 'fingerprint'],
];

/** Where what stands above it in the same card or dialog explains a word, or the field's hint. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'website/src/lib/features/account/AccountKeyRow.svelte': 'sealed',
  'website/src/lib/features/contracts/moves/DeliverMove.svelte': 'fingerprint',
  'website/src/lib/features/contracts/moves/SecretFields.svelte': 'sealed',
};

const EXPRESSION = /\{(?:[^{}]|\{[^{}]*\})*\}/g;
const SCRIPT = /<script[\s\S]*?<\/script>/g;
/** What a reader reads: texts, and the attributes that are shown as texts. */
const SHOWN = /\b(?:title|detail|label|hint|question)="([^"]*)"/g;

function textOf(component: string): string {
  const markup = component.replace(SCRIPT, '');
  const said = [...markup.matchAll(SHOWN)].map(([, words = '']) => words);
  const plain = markup.replace(EXPRESSION, ' ').replace(/<!--[\s\S]*?-->/g, ' ');
  return [...said, plain.replace(/<[^>]*>/g, ' ')].join(' ');
}

/** A word that needs its meaning stands in `Term`, or in a `Description` with its `term`. */
export function explainedWords({ path, text }: SourceFile): string[] {
  if (!/^website\/src\/.*\.svelte$/.test(path)) return [];
  const shown = textOf(text);
  return HARD.flatMap(([word, name]) => {
    const isExplained =
      EXPLAINED[path] === name ||
      new RegExp(String.raw`\b(?:name|term)="${name}"|term: '${name}'`).test(text);
    return isExplained || !word.test(shown)
      ? []
      : [`${path} says ${word.exec(shown)?.[0] ?? name}: write <Term name="${name}" />`];
  });
}
