import { isProblem } from '@berth/shared/problems';
import { offeringInput, type OfferingInput } from '@berth/shared/offerings/schemas';
import { columnOf, fieldOf, readRow, refuseRepeated, startValues, type ReadRow } from './cells.ts';
import { marksIn, type DecimalsOf } from './marks.ts';
import { readTable, type Table, type TableRow } from './table.ts';

/** What a file on the chain says that cannot be used, and where; row 1 follows the header. */
export interface IcpCsvError {
  row: number;
  /** Empty where it is the whole row, or the whole file as row 0. */
  field: string;
  message: string;
}

export interface IcpCsv {
  offerings: { row: number; reference: string; input: OfferingInput }[];
  errors: IcpCsvError[];
}

/**
 * Reads a provider's offerings as a file on the chain has them. Nobody can mend that file, so a
 * value that cannot be used is left out and named, and an offering goes only where it must have it.
 * Never throws for what the bytes are.
 */
export function readIcpCsv(csv: Uint8Array): IcpCsv {
  const table = findTable(csv);
  if (typeof table === 'string') {
    return { offerings: [], errors: [{ row: 0, field: '', message: table }] };
  }
  const read: IcpCsv = { offerings: [], errors: [] };
  const rowOf = new Map<string, number>();
  const marks = marksIn(table.rows, {});
  // Nobody can be asked here, and the columns are those of a list with decimal points.
  const decimalsOf = (plain: string) => marks.of(plain) ?? 'point';
  for (const [at, cells] of table.rows.entries()) {
    const row = at + 1;
    const { input, errors } = readOffering(cells, decimalsOf);
    read.errors.push(...errors.map((error) => ({ row, ...error })));
    if (input === null) continue;
    const { reference } = input;
    const first = reference === null ? undefined : rowOf.get(reference);
    if (reference === null || first !== undefined) {
      const message = first === undefined ? 'Fill this in' : `Row ${first} has it already`;
      read.errors.push({ row, field: 'reference', message });
      continue;
    }
    rowOf.set(reference, row);
    read.offerings.push({ row, reference, input });
  }
  return read;
}

/** The table, or a sentence that says why there is none. */
function findTable(csv: Uint8Array): Table | string {
  try {
    const table = readTable('csv', new TextDecoder('utf-8', { fatal: true }).decode(csv));
    refuseRepeated(table);
    return table;
  } catch (error) {
    if (error instanceof TypeError) return 'This is no text in UTF-8.';
    if (!isProblem(error)) throw error;
    return error.message;
  }
}

type Errors = Omit<IcpCsvError, 'row'>[];

function readOffering(
  cells: TableRow,
  decimalsOf: DecimalsOf,
): { input: OfferingInput | null; errors: Errors } {
  if (typeof cells === 'string') {
    return { input: null, errors: [{ field: '', message: cells }] };
  }
  const { values, refused } = readRow(cells, decimalsOf);
  const errors = Object.entries(refused).map(([field, message]) => ({ field, message }));
  let candidate: ReadRow['values'] = { ...startValues, ...values };
  for (;;) {
    const parsed = offeringInput.safeParse(
      Object.fromEntries(
        Object.entries(candidate).map(([name, value]) => [fieldOf(columnOf(name)), value]),
      ),
    );
    if (parsed.success) return { input: parsed.data, errors };
    const wrong = parsed.error.issues.map(({ path, message }) => ({
      field: columnOf(String(path[0])),
      message,
    }));
    for (const { field, message } of wrong) {
      if (errors.some((error) => error.field === field)) continue;
      errors.push({ field, message: candidate[field] === undefined ? 'Fill this in' : message });
    }
    const startsAnew = wrong.filter(
      ({ field }) => startValues[field] !== undefined && candidate[field] !== startValues[field],
    );
    // Each turn puts a column back to its start, so there are no more turns than columns.
    if (startsAnew.length === 0) return { input: null, errors };
    const starts = startsAnew.map(({ field }) => [field, startValues[field]] as const);
    candidate = { ...candidate, ...Object.fromEntries(starts) };
  }
}
