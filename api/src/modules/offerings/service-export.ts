import { stringify } from 'csv-stringify/sync';
import { decimalOf } from '@berth/shared/money';
import { joinList } from '@berth/shared/offerings/cells';
import { columnNames } from '@berth/shared/offerings/columns';
import type { importFormats } from '@berth/shared/offerings/schemas';
import type { ReadCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { listAllOwn } from './repo.ts';
import { fieldOf } from '../../files/cells.ts';
import { guarded } from '../../files/table.ts';
import { inputOf } from '../../offerings/row.ts';

type Value = string | number | boolean | readonly string[] | null;

/** One's own offerings but the archived ones, as text that an import takes back unchanged. */
export async function exportOfferings(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  format: (typeof importFormats)[number],
): Promise<string> {
  const kept = (await listAllOwn(db, actor)).filter(({ state }) => state !== 'archived');
  const rows = kept.map((row) => {
    const input = inputOf(row);
    return columnNames.map((name): Value => {
      if (name === 'id' || name === 'state') return row[name];
      const value = input[fieldOf(name)];
      return typeof value === 'bigint' ? decimalOf(value) : value;
    });
  });
  return format === 'json' ? jsonOf(rows) : csvOf(rows);
}

const jsonOf = (rows: Value[][]): string => {
  const objects = rows.map((row) =>
    Object.fromEntries(columnNames.map((name, at) => [name, row[at]])),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
};

/** RFC 4180, without a cell that a spreadsheet would run. */
const csvOf = (rows: Value[][]): string =>
  stringify(
    rows.map((row) => row.map((value) => guarded(textOf(value)))),
    {
      header: true,
      columns: columnNames,
      record_delimiter: '\r\n',
      quoted_match: /[\r\n]/,
    },
  );

function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? joinList(value) : String(value);
}
