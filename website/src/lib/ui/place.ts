const GAP_PX = 6;
const EDGE_PX = 8;

export type Side = 'above' | 'below';
export type Align = 'start' | 'center' | 'end';

/**
 * Puts a popover beside its anchor, on the other side where there is no room, always inside the
 * window. Styles are set through the object model, which the content security policy allows.
 */
export function place(anchor: Element, floating: HTMLElement, side: Side, align: Align): void {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = floating;
  const above = box.top - height - GAP_PX;
  const below = box.bottom + GAP_PX;
  const fitsBelow = below + height <= innerHeight - EDGE_PX;
  const top = side === 'above' ? (above >= EDGE_PX ? above : below) : fitsBelow ? below : above;
  const lefts = {
    start: box.left,
    center: box.left + (box.width - width) / 2,
    end: box.right - width,
  };
  const left = Math.min(lefts[align], document.documentElement.clientWidth - width - EDGE_PX);
  floating.style.setProperty('top', `${Math.max(EDGE_PX, top)}px`);
  floating.style.setProperty('left', `${Math.max(EDGE_PX, left)}px`);
}
