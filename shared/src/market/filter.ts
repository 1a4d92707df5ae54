import { searchFields, type FieldName, type Op } from './fields.ts';
import { conjunctsOf, normal, type Is, type Node, type Query, type Value } from './tree.ts';

export interface Bound {
  op: Exclude<Op, '='>;
  value: number | bigint;
}

/**
 * What a query says of one field, as a panel shows it. `other` is what only the text can say; it
 * is kept as it is until the panel sets something else.
 */
export type Filter =
  | { type: 'one_of'; values: Value[] }
  | { type: 'all_of'; values: Value[] }
  | { type: 'none_of'; values: Value[] }
  | { type: 'range'; from: Bound | null; to: Bound | null }
  | { type: 'other'; of: Node[] };

/** Whether a part is about this field alone, so that the filter is made of it. */
function isOwn(node: Node, field: FieldName): boolean {
  switch (node.type) {
    case 'is':
      return node.field === field;
    case 'not':
      return isOwn(node.of, field);
    case 'any':
    case 'all':
      return node.of.length > 0 && node.of.every((part) => isOwn(part, field));
    case 'text':
      return false;
  }
}

/** The values where all parts are `field:value`, else null. */
function valuesOf(nodes: readonly Node[]): Value[] | null {
  const values = nodes.flatMap((node) =>
    node.type === 'is' && node.op === '=' ? [node.value] : [],
  );
  return values.length === nodes.length ? values : null;
}

const deniedBy = (node: Node): readonly Node[] => {
  if (node.type !== 'not') return [node];
  return node.of.type === 'any' ? node.of.of : [node.of];
};

const isBound = (node: Node): node is Is & Bound =>
  node.type === 'is' && node.op !== '=' && !['string', 'boolean'].includes(typeof node.value);

function rangeOf(nodes: readonly Node[]): Filter | null {
  const bounds = nodes.filter(isBound).map(({ op, value }) => ({ op, value }));
  const from = bounds.filter(({ op }) => op.startsWith('>'));
  const to = bounds.filter(({ op }) => op.startsWith('<'));
  if (bounds.length !== nodes.length || from.length > 1 || to.length > 1) return null;
  return { type: 'range', from: from[0] ?? null, to: to[0] ?? null };
}

/** What the query says of a field; null where it says nothing of it alone. */
export function getFilter(query: Query, field: FieldName): Filter | null {
  const own = conjunctsOf(normal(query)).filter((node) => isOwn(node, field));
  const [first] = own;
  if (first === undefined) return null;
  const all = valuesOf(own);
  if (all && (all.length > 1 || searchFields[field].type === 'tags')) {
    return { type: 'all_of', values: all };
  }
  if (all) return { type: 'one_of', values: all };
  const any = own.length === 1 && first.type === 'any' ? valuesOf(first.of) : null;
  if (any) return { type: 'one_of', values: any };
  const none = own.every(({ type }) => type === 'not') ? valuesOf(own.flatMap(deniedBy)) : null;
  if (none) return { type: 'none_of', values: none };
  return rangeOf(own) ?? { type: 'other', of: own };
}

function nodesOf(field: FieldName, filter: Filter): Node[] {
  const is = (value: Value, op: Op = '='): Node => ({ type: 'is', field, op, value });
  switch (filter.type) {
    case 'one_of':
      return [{ type: 'any', of: filter.values.map((value) => is(value)) }];
    case 'all_of':
      return filter.values.map((value) => is(value));
    case 'none_of':
      return [{ type: 'not', of: { type: 'any', of: filter.values.map((value) => is(value)) } }];
    case 'range':
      return [filter.from, filter.to].flatMap((end) => (end ? [is(end.value, end.op)] : []));
    case 'other':
      return filter.of;
  }
}

/** The query with another filter of a field, or with none; what else it says stays as it is. */
export function setFilter(query: Query, field: FieldName, filter: Filter | null): Query {
  const parts = conjunctsOf(normal(query));
  const rest = parts.filter((node) => !isOwn(node, field));
  const first = parts.findIndex((node) => isOwn(node, field));
  const at = first === -1 ? rest.length : first;
  const set = filter === null ? [] : nodesOf(field, filter);
  return normal({ type: 'all', of: rest.toSpliced(at, 0, ...set) });
}
