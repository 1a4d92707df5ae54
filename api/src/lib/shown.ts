/** What of a log is needed here. */
export interface ErrorLog {
  error(
    said: { err: unknown; row: Record<string, unknown>; place?: string },
    message: string,
  ): void;
}

/** What rows are shown as. One that cannot be shown is left out and logged: it fails no page. */
export function shownOf<Row, Item>(
  log: ErrorLog,
  rows: readonly Row[],
  itemOf: (row: Row) => Item,
): Item[] {
  return rows.flatMap((row) => {
    try {
      return [itemOf(row)];
    } catch (err) {
      log.error({ err, row: nameOf(row) }, LEFT_OUT);
      return [];
    }
  });
}

export const LEFT_OUT = 'a row that cannot be shown was left out';

const IDS = ['id', 'contract_id', 'offering_id', 'seq'] as const;

/** What finds the row again; its other columns may be personal. */
export const nameOf = (row: unknown): Record<string, unknown> =>
  Object.fromEntries(
    IDS.flatMap((name) =>
      typeof row === 'object' && row !== null && name in row
        ? [[name, (row as Record<string, unknown>)[name]]]
        : [],
    ),
  );
