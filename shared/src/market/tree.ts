import { currencies, type Currency } from '../money.ts';
import type { FieldName, Op } from './fields.ts';

/** Numbers are in the field's base unit, money in e9s. */
export type Value = string | number | bigint | boolean;

export interface Is {
  type: 'is';
  field: FieldName;
  op: Op;
  value: Value;
}

export type Node =
  | { type: 'all'; of: Node[] }
  | { type: 'any'; of: Node[] }
  | { type: 'not'; of: Node }
  | Is
  | { type: 'text'; text: string; phrase: boolean };

/** What is searched for, in its normal form; an `all` of nothing finds everything. */
export type Query = Node;

export const everything: Query = { type: 'all', of: [] };

/** A word by itself: not a phrase, a field, an operator or a negation. */
const PLAIN_WORD = /^(?!-)[^\s\p{C}"():,]+$/u;
const KEYWORD = /^(or|and|not)$/i;
/** `price>2`, which lacks its colon. */
export const COMPARISON = /^([\w-]+?)([<>]=?|=)(.*)$/;

/** One line without control characters or halves of characters. */
export const plainText = (text: string): string => text.replace(/[\s\p{C}]+/gu, ' ').trim();

/** What must all hold, of a query in its normal form. */
export const conjunctsOf = (query: Query): readonly Node[] =>
  query.type === 'all' ? query.of : [query];

const isEmpty = (node: Node): boolean => node.type === 'all' && node.of.length === 0;

function joined(type: 'all' | 'any', of: readonly Node[]): Node {
  const parts = of
    .map(normal)
    .filter((part) => !isEmpty(part))
    .flatMap((part) => (part.type === type ? part.of : [part]));
  return parts.length === 1 && parts[0] ? parts[0] : { type, of: parts };
}

/**
 * The one form of a tree: nothing nested in its like, no lists of one, no empty parts, no double
 * negation; a text that cannot stand as a bare word is a phrase.
 */
export function normal(node: Node): Query {
  switch (node.type) {
    case 'all':
      return joined('all', node.of);
    case 'any': {
      const any = joined('any', node.of);
      return any.type === 'any' && any.of.length === 0 ? everything : any;
    }
    case 'not': {
      const of = normal(node.of);
      if (isEmpty(of)) return everything;
      return of.type === 'not' ? of.of : { type: 'not', of };
    }
    case 'is':
      return typeof node.value === 'string' ? { ...node, value: plainText(node.value) } : node;
    case 'text': {
      const text = plainText(node.text);
      if (text === '') return everything;
      const bare = PLAIN_WORD.test(text) && !KEYWORD.test(text) && !COMPARISON.test(text);
      return { type: 'text', text, phrase: node.phrase || !bare };
    }
  }
}

/** Every `is` of a tree that is not denied. */
function* wanted(node: Node): Iterable<Is> {
  if (node.type === 'is') yield node;
  if (node.type === 'all' || node.type === 'any') for (const part of node.of) yield* wanted(part);
}

/** The one that prices are compared in: the query's where it names one alone, else the reader's. */
export function comparingCurrency(query: Query, reads: Currency = 'USD'): Currency {
  const named = new Set<Value>();
  for (const { field, value } of wanted(query)) if (field === 'currency') named.add(value);
  const [only] = named;
  return named.size === 1 ? (currencies.find((currency) => currency === only) ?? reads) : reads;
}
