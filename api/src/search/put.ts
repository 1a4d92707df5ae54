/** Rows come, change and go. One that says other words gets a new number; the old one dies. */
import { addRow, dropRow as dropBit, listBits } from './bits.ts';
import { fillRow, hold, textsOf } from './fill.ts';
import { findRow, highOf, lowOf, makeIdIndex, removeRow, setRow } from './ids.ts';
import type { SearchRow } from './row.ts';
import { choiceNames, codeNames, grow, numberNames, setOf, tagNames, type Table } from './table.ts';
import { addWords, dropWords, keepWords, saysThis } from './words.ts';

/** Of all rows, how many may be dead, and the least number that is worth a tidying. */
const MAX_DEAD = 0.25;
const MIN_DEAD = 1_000;

export function putRow(table: Table, row: SearchRow): void {
  const known = findRow(table.index, table.ids, row.id);
  const texts = textsOf(row);
  if (known !== null) {
    countRow(table, known, -1);
    if (saysThis(table.words, known, texts)) {
      const changed = fillRow(table, known, row);
      countRow(table, known, 1);
      if (changed) touch(table, known);
      return;
    }
    kill(table, known);
  }
  if (table.size === table.capacity) grow(table);
  const slot = table.size++;
  addWords(table.words, texts);
  table.ids.high[slot] = highOf(row.id);
  table.ids.low[slot] = lowOf(row.id);
  setRow(table.index, table.ids, slot);
  addRow(table.alive, slot);
  table.live += 1;
  fillRow(table, slot, row);
  countRow(table, slot, 1);
  touch(table, slot);
}

function touch(table: Table, slot: number): void {
  table.version += 1;
  table.touched.push(slot);
}

export function dropRow(table: Table, id: string): void {
  const slot = findRow(table.index, table.ids, id);
  if (slot === null) return;
  countRow(table, slot, -1);
  removeRow(table.index, table.ids, slot);
  kill(table, slot);
}

function kill(table: Table, slot: number): void {
  dropWords(table.words, slot);
  table.exact.delete(slot);
  dropBit(table.alive, slot);
  table.live -= 1;
  touch(table, slot);
}

/** Adds a row to the counts of what it has, or takes it out. */
function countRow(table: Table, slot: number, by: 1 | -1): void {
  for (const name of codeNames) table.dictionaries[name].counts[table.codes[name][slot]!]! += by;
  for (const name of tagNames) {
    const set = setOf[name];
    const { counts } = table.dictionaries[name];
    for (const tag of table.dictionaries[set].items[table.codes[set][slot]!]!) counts[tag]! += by;
  }
}

/** Gives the living rows new numbers, in their order, once too many are dead; answers whether. */
export function tidyTable(table: Table): boolean {
  const dead = table.size - table.live;
  if (dead < MIN_DEAD || dead < table.size * MAX_DEAD) return false;
  const kept = [...listBits(table.alive)];
  const move = (array: Float64Array | Uint32Array | Uint8Array) => {
    kept.forEach((from, to) => {
      array[to] = array[from]!;
    });
  };
  move(table.ids.high);
  move(table.ids.low);
  for (const name of numberNames) move(table.numbers[name]);
  for (const name of codeNames) move(table.codes[name]);
  table.exact = new Map(
    kept.flatMap((from, to) => {
      const rate = table.exact.get(from);
      return rate ? [[to, rate] as const] : [];
    }),
  );
  table.alive.fill(0);
  for (let slot = 0; slot < kept.length; slot++) addRow(table.alive, slot);
  table.words = keepWords(table.words, kept);
  table.size = kept.length;
  for (const name of choiceNames) {
    for (const bits of table.holders[name]) bits.fill(0);
    for (let slot = 0; slot < kept.length; slot++)
      hold(table, name, slot, table.codes[name][slot]!);
  }
  table.index = makeIdIndex(kept.length);
  for (let slot = 0; slot < kept.length; slot++) setRow(table.index, table.ids, slot);
  table.version += 1;
  return true;
}
