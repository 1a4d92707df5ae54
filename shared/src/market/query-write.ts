import { searchFields } from './fields.ts';
import { normal, type Is, type Node, type Query, type Value } from './tree.ts';
import { writeValue } from './values.ts';

const PLAIN_VALUE = /^(?![-<>=])[^\s\p{C}"(),]+$/u;

/** A text in quotes, as a query has it. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;

function written({ field, value }: Is): string {
  const text = writeValue(field, value);
  return PLAIN_VALUE.test(text) ? text : quoted(text);
}

/** `4..8` for two neighbours that are the ends of a range. */
function rangeOf(low: Node, high: Node | undefined): string | null {
  if (low.type !== 'is' || high?.type !== 'is' || low.field !== high.field) return null;
  const isRange = low.op === '>=' && high.op === '<=' && low.value <= high.value;
  return isRange ? `${low.field}:${written(low)}..${written(high)}` : null;
}

function writeAll(of: readonly Node[]): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < of.length; at += 1) {
    const part = of[at] as Node;
    const range = rangeOf(part, of[at + 1]);
    if (range !== null) at += 1;
    pieces.push(range ?? write(part, true));
  }
  return pieces;
}

/** `gpu:H100,A100` for values of one field, else null. */
function listOf(of: readonly Node[]): string | null {
  const [first] = of;
  if (first?.type !== 'is' || searchFields[first.field].type === 'money') return null;
  const same = of.filter(
    (part): part is Is => part.type === 'is' && part.field === first.field && part.op === '=',
  );
  return same.length === of.length ? `${first.field}:${same.map(written).join(',')}` : null;
}

/** `bound`: beside others that bind more closely than `or`, or after a `-`. */
function write(node: Node, bound: boolean): string {
  switch (node.type) {
    case 'all':
      return writeAll(node.of).join(' ');
    case 'any': {
      const list = listOf(node.of);
      if (list !== null) return list;
      const text = node.of.map((part) => write(part, false)).join(' or ');
      return bound ? `(${text})` : text;
    }
    case 'not': {
      const pieces = node.of.type === 'all' ? writeAll(node.of.of) : [write(node.of, true)];
      return pieces.length === 1 ? `-${pieces[0]}` : `-(${pieces.join(' ')})`;
    }
    case 'is':
      return `${node.field}:${node.op === '=' ? '' : node.op}${written(node)}`;
    case 'text':
      return node.phrase ? quoted(node.text) : node.text;
  }
}

/** The one text of a query, which reads back as the same query. */
export const writeQuery = (query: Query): string => write(normal(query), false);

/** A value as it stands after its colon, in quotes where it needs them. */
export const writeTerm = (field: Is['field'], value: Value): string =>
  written({ type: 'is', field, op: '=', value });
