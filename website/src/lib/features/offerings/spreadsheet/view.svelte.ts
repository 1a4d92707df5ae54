import { columns } from './columns.ts';
import type { Place } from './places.ts';
import { columnsInSight, rowsInSight, scrollTo, startsOf } from './window.ts';

/** In pixels, as the classes of the grid say it too. */
const ROW_HEIGHT = 32;
const HEAD_WIDTH = 48;
/** From this width on the title stays in sight. */
const FREEZES_FROM = 640;

const starts = startsOf(columns.map(({ width }) => width));
const startOf = (column: number): number => starts[column] ?? 0;

/** What of a sheet is in sight of the box that it scrolls in, so that only that is drawn. */
export function makeView(count: () => number) {
  let box: HTMLElement | undefined;
  // What a server draws before anybody has measured anything.
  let [top, left] = $state.raw([0, 0]);
  let [width, height] = $state.raw([1_200, 600]);

  const frozen = $derived(width >= FREEZES_FROM ? 1 : 0);
  const rows = $derived(rowsInSight(top, height - ROW_HEIGHT, ROW_HEIGHT, count()));
  const beyond = $derived(starts.slice(frozen).map((start) => start - startOf(frozen)));
  const inSight = $derived(columnsInSight(left, width - HEAD_WIDTH - startOf(frozen), beyond));

  const measure = () => {
    if (!box) return;
    [top, left] = [box.scrollTop, box.scrollLeft];
    [width, height] = [box.clientWidth, box.clientHeight];
  };

  return {
    get rows() {
      return rows;
    },
    /** The columns to draw: those that stay, then those in sight. */
    get columns() {
      const numbers = columns.map((_, column) => column);
      const { from, to } = inSight;
      return [...numbers.slice(0, frozen), ...numbers.slice(from + frozen, to + frozen)];
    },
    get frozen() {
      return frozen;
    },
    /** Rows that one sees at once. */
    get page() {
      return Math.max(1, Math.floor(height / ROW_HEIGHT) - 2);
    },
    measure,
    /** Follows the box; the sizes of what is not drawn go into its style. */
    follow(element: HTMLElement) {
      box = element;
      measure();
      const observer = new ResizeObserver(measure);
      observer.observe(element);
      $effect(() => {
        const sizes = {
          above: rows.from * ROW_HEIGHT,
          below: (count() - rows.to) * ROW_HEIGHT,
          before: beyond[inSight.from] ?? 0,
          all: HEAD_WIDTH + startOf(columns.length),
        };
        for (const [name, pixels] of Object.entries(sizes)) {
          element.style.setProperty(`--${name}`, `${pixels}px`);
        }
      });
      return () => observer.disconnect();
    },
    /** Scrolls no further than a cell needs to be seen. */
    show({ row, column }: Place) {
      if (!box) return;
      const line = { from: row * ROW_HEIGHT, to: (row + 1) * ROW_HEIGHT };
      box.scrollTop = scrollTo(box.scrollTop, box.clientHeight - ROW_HEIGHT, line);
      if (column >= frozen) {
        const origin = startOf(frozen);
        const cell = { from: startOf(column) - origin, to: startOf(column + 1) - origin };
        box.scrollLeft = scrollTo(box.scrollLeft, box.clientWidth - HEAD_WIDTH - origin, cell);
      }
      measure();
    },
    focus: () => box?.focus({ preventScroll: true }),
  };
}

export type SheetView = ReturnType<typeof makeView>;
