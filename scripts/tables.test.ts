import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { owners, reads, writes } from '../api/src/modules/tables.ts';
import { graph } from '../api/src/modules/graph.ts';
import { repositoryFiles } from './lib/files.ts';
import { foreignUses, tableUses, unusedLeave } from './tables.ts';

const ROOT = resolve(import.meta.dirname, '..');
const isTable = (name: string): boolean => Object.hasOwn(owners, name);

const uses = repositoryFiles(ROOT)
  .filter((path) => path.startsWith('api/src/'))
  .flatMap((path) => tableUses({ path, text: readFileSync(join(ROOT, path), 'utf8') }, isTable));

describe('whose tables a module touches', () => {
  test('every table is read and written by its owner, or by leave that says why', () => {
    expect(uses.length).toBeGreaterThan(0);
    expect(foreignUses(uses, { owners, reads, writes })).toEqual([]);
  });

  test('no leave is given that nobody takes, and every owner is there', () => {
    expect(unusedLeave(uses, { owners, reads, writes })).toEqual([]);
    const known = [...Object.keys(graph), 'db'];
    expect(Object.values(owners).filter((owner) => !known.includes(owner))).toEqual([]);
  });

  const planted = { owners: { carts: 'carts', notes: 'notes' }, reads: {}, writes: {} };
  const usesIn = (text: string, path = 'api/src/modules/carts/repo.ts') =>
    tableUses({ path, text }, (name) => Object.hasOwn(planted.owners, name));

  test.each([
    ['reads', `db.selectFrom('notes')`],
    ['reads', `db.selectFrom('notes as n')`],
    ['reads', `db.selectFrom(['carts', 'notes'])`],
    ['reads', `db.selectFrom('carts as c').leftJoin('notes as n', 'n.id', 'c.id')`],
    ['reads', `db.selectFrom('carts').crossJoin('notes')`],
    ['reads', `tx.deleteFrom('carts').using('notes')`],
    ['reads', 'sql`select 1 from notes n where n.id = ${id}`'],
    ['reads', 'sql<number>`select 1 from carts c\n join notes using (id)`'],
    ['writes', `tx.insertInto('notes')`],
    ['writes', `tx.updateTable('notes')`],
    ['writes', `tx.deleteFrom('notes')`],
    ['writes', `insertRows(tx, 'notes', rows)`],
    ['writes', 'sql`insert into notes values (1)`'],
    ['writes', 'sql`update notes set id = 1`'],
    ['writes', 'sql`delete from notes`'],
  ])("one that %s another's table is seen: %s", (does, text) => {
    expect(foreignUses(usesIn(text), planted)).toEqual([
      `api/src/modules/carts/repo.ts:1 carts ${does} notes of notes`,
    ]);
  });

  test('a read is no leave to write, and leave that is not taken is named', () => {
    const leave = { ...planted, reads: { carts: { notes: 'why' } } };
    expect(foreignUses(usesIn(`db.selectFrom('notes')`), leave)).toEqual([]);
    expect(foreignUses(usesIn(`tx.deleteFrom('notes')`), leave)).toEqual([
      'api/src/modules/carts/repo.ts:1 carts writes notes of notes',
    ]);
    expect(unusedLeave(usesIn(`tx.deleteFrom('notes')`), leave)).toEqual(['reads: carts notes']);
  });

  test('words, columns and tests are no use of a table', () => {
    expect(usesIn(`db.selectFrom('carts').select('notes'); say('from notes')`)).toHaveLength(1);
    expect(usesIn(`db.selectFrom('notes')`, 'api/src/modules/carts/carts.test.ts')).toEqual([]);
  });
});
