/** Whose tables a file's SQL reads and writes; `scripts/tables.test.ts` holds it to the owners. */
import ts from 'typescript';
import type { SourceFile } from './tidy.ts';

export interface TableUse {
  /** The module, or `db`. */
  by: string;
  table: string;
  writes: boolean;
  /** `path:line`. */
  place: string;
}

const PLACE = /^api\/src\/(?:modules\/([^/]+)\/|(db|engine|http|jobs)\/).*(?<!\.test)\.ts$/;
const READS = /^(selectFrom|\w+Join|using)$/;
const WRITES = /^(insertInto|updateTable|deleteFrom|mergeInto|insertRows?)$/;
const RAW = /\b(insert\s+into|delete\s+from|update|from|join)\s+"?([a-z_]+)"?/gi;
const RAW_WRITES = /^(insert|delete|update)/i;

/** `offerings` of `'offerings as o'`, and each of a list of these. */
function namesIn(node: ts.Node | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(namesIn);
  return ts.isStringLiteralLike(node) ? [node.text.split(/\s/, 1).join('')] : [];
}

/** What a call of the query builder names; `insertRows(tx, 'offerings', rows)` is one too. */
function calledIn(node: ts.CallExpression): [writes: boolean, names: string[]] | null {
  const {
    expression,
    arguments: [first, second],
  } = node;
  const name = ts.isPropertyAccessExpression(expression)
    ? expression.name.text
    : expression.getText();
  if (!READS.test(name) && !WRITES.test(name)) return null;
  return [
    WRITES.test(name),
    [...namesIn(first), ...(/^insertRow/.test(name) ? namesIn(second) : [])],
  ];
}

function rawIn(node: ts.TaggedTemplateExpression): [writes: boolean, names: string[]][] {
  if (!/^sql\b/.test(node.tag.getText())) return [];
  return [...node.template.getText().matchAll(RAW)].map(([, verb = '', name = '']) => [
    RAW_WRITES.test(verb),
    [name],
  ]);
}

/** Each use of one of these tables in the SQL of a file of the API. */
export function tableUses(
  { path, text }: SourceFile,
  isTable: (name: string) => boolean,
): TableUse[] {
  const found = PLACE.exec(path);
  if (!found) return [];
  const by = found[1] ?? 'db';
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const uses: TableUse[] = [];
  const visit = (node: ts.Node): void => {
    const called = ts.isCallExpression(node) ? calledIn(node) : null;
    const all = ts.isTaggedTemplateExpression(node) ? rawIn(node) : called ? [called] : [];
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    for (const [writes, names] of all) {
      for (const table of names.filter(isTable)) {
        uses.push({ by, table, writes, place: `${path}:${line}` });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

/** Module -> tables of others, each with why. */
type Allowed = Readonly<Record<string, Readonly<Partial<Record<string, string>>>>>;

export interface Ownership {
  owners: Readonly<Record<string, string>>;
  reads: Allowed;
  writes: Allowed;
}

const isForeign = ({ by, table }: TableUse, { owners }: Ownership): boolean => owners[table] !== by;

/** One sentence for each use of another's table that nothing allows. */
export const foreignUses = (uses: readonly TableUse[], ownership: Ownership): string[] =>
  uses.flatMap((use) => {
    const { by, table, writes, place } = use;
    const allowed = writes ? ownership.writes : ownership.reads;
    return !isForeign(use, ownership) || allowed[by]?.[table] !== undefined
      ? []
      : [`${place} ${by} ${writes ? 'writes' : 'reads'} ${table} of ${ownership.owners[table]}`];
  });

/** What is allowed and nobody does. */
export const unusedLeave = (uses: readonly TableUse[], ownership: Ownership): string[] =>
  (['reads', 'writes'] as const).flatMap((kind) =>
    Object.entries(ownership[kind]).flatMap(([by, tables]) =>
      Object.keys(tables)
        .filter(
          (table) =>
            !uses.some(
              (use) =>
                use.by === by &&
                use.table === table &&
                use.writes === (kind === 'writes') &&
                isForeign(use, ownership),
            ),
        )
        .map((table) => `${kind}: ${by} ${table}`),
    ),
  );
