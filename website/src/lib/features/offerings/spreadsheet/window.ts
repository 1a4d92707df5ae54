/** Which of many things of one height are in sight, and what to draw around them. */
export interface Span {
  from: number;
  /** Exclusive. */
  to: number;
}

/** Rows drawn beyond what is in sight, so that a scroll shows no gap. */
const AROUND = 6;

/** Rows to draw. All sizes in pixels. */
export function rowsInSight(top: number, height: number, row_height: number, count: number): Span {
  const first = Math.floor(Math.max(0, top) / row_height);
  const shown = Math.ceil(height / row_height) + 1;
  const from = Math.max(0, Math.min(first, count - shown) - AROUND);
  return { from, to: Math.min(count, Math.max(first, 0) + shown + AROUND) };
}

/** Where each column begins, and at last where the last ends. */
export function startsOf(widths: readonly number[]): readonly number[] {
  const starts = [0];
  for (const width of widths) starts.push((starts.at(-1) ?? 0) + width);
  return starts;
}

/** Columns to draw of those that begin at `starts`. */
export function columnsInSight(left: number, width: number, starts: readonly number[]): Span {
  const count = starts.length - 1;
  const firstBeyond = starts.findIndex((start) => start > Math.max(0, left));
  const from = Math.max(0, Math.min((firstBeyond < 0 ? count : firstBeyond) - 1, count - 1));
  const end = starts.findIndex((start) => start >= left + width);
  return { from: Math.max(0, from - 1), to: end < 0 ? count : Math.min(count, end + 1) };
}

/** The least scroll that shows `from..to` in a view that begins at `top`. */
export function scrollTo(top: number, height: number, { from, to }: Span): number {
  if (from < top) return from;
  return to > top + height ? to - height : top;
}
