/** Moves the focus within lists whose element has `data-list`: to an item's title, or its link. */

export interface Spot {
  left: number;
  top: number;
  bottom: number;
}

/** Edges nearer than this are one line. */
const SAME_PX = 4;

/** The item below or above one: in the nearest line there, the nearest to the left or right. */
export function spotBeyond(spots: readonly Spot[], from: number, step: 1 | -1): number | null {
  const start = spots[from];
  if (!start) return null;
  const isBeyond = ({ top, bottom }: Spot) =>
    step === 1 ? top >= start.bottom - SAME_PX : bottom <= start.top + SAME_PX;
  let [best, best_down, best_across] = [-1, Infinity, Infinity];
  for (const [at, spot] of spots.entries()) {
    if (!isBeyond(spot)) continue;
    const down = Math.abs(spot.top - start.top);
    const across = Math.abs(spot.left - start.left);
    const isNearer =
      down < best_down - SAME_PX || (down < best_down + SAME_PX && across < best_across);
    if (isNearer) [best, best_down, best_across] = [at, down, across];
  }
  return best < 0 ? null : best;
}

/** The item to the left or right in the same line. */
export function spotBeside(spots: readonly Spot[], from: number, step: 1 | -1): number | null {
  const [start, next] = [spots[from], spots[from + step]];
  return start && next && Math.abs(start.top - next.top) < SAME_PX ? from + step : null;
}

/** Whether the press moved the focus. */
export function moveInLists(key: string): boolean {
  const items = [...document.querySelectorAll('main [data-list] > *')].filter((item) =>
    item.checkVisibility(),
  );
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const to = placeTo(key, items, at);
  const item = to === null ? undefined : items[to];
  // Of a card that begins with buttons the title leads to it.
  const link = item?.querySelector<HTMLElement>(':is(h2, h3) a') ?? item?.querySelector('a');
  link?.focus();
  return link !== null && link !== undefined;
}

function placeTo(key: string, items: readonly Element[], at: number): number | null {
  if (key === 'j') return Math.min(at + 1, items.length - 1);
  if (key === 'k') return Math.max(at - 1, 0);
  // Outside a list arrows scroll the page.
  if (at < 0) return null;
  const spots = items.map((item) => item.getBoundingClientRect());
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    return spotBeyond(spots, at, key === 'ArrowDown' ? 1 : -1);
  }
  return spotBeside(spots, at, key === 'ArrowRight' ? 1 : -1);
}
