/** Muted flag colours that hold on a light page and on a dark one. */
const colours = [
  '#0f6a6f',
  '#d9a441',
  '#b4493c',
  '#2f4f82',
  '#e9e4d8',
  '#4d8f6b',
  '#7a5a8c',
  '#26353a',
];

/** Figures of the maritime signal flags, on a field of 8 by 8. */
const figures = [
  'M4 0h4v8H4z',
  'M0 4h8v4H0z',
  'M0 0h8L0 8z',
  'M3 0h2v3h3v2H5v3H3V5H0V3h3z',
  'M0 0h1.6L4 2.4 6.4 0H8v1.6L5.6 4 8 6.4V8H6.4L4 5.6 1.6 8H0V6.4L2.4 4 0 1.6z',
  'M0 0h4v4H0zM4 4h4v4H4z',
  'M2.5 2.5h3v3h-3z',
  'M0 2.7h8v2.6H0z',
  'M2.7 0h2.6v8H2.7z',
  'M4 .8 7.2 4 4 7.2.8 4z',
  'M0 0h2v8H0zM4 0h2v8H4z',
  'M0 0h8v2H0zM0 4h8v2H0z',
  'M0 0 4 4 0 8z',
  'M4 1.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 1 0 0-4.4z',
];

/** As much of a hex key as its flag is made of. */
export const FLAG_CHARS = 6;

/** A flag for a hex key, always the same: two different colours and a figure. */
export function flagOf(key: string): { ground: string; figure: string; path: string } {
  const byte = (at: number) => Number.parseInt(key.slice(at * 2, at * 2 + 2), 16) || 0;
  const ground = byte(0) % colours.length;
  const figure = (ground + 1 + (byte(1) % (colours.length - 1))) % colours.length;
  return {
    ground: colours[ground] ?? '',
    figure: colours[figure] ?? '',
    path: figures[byte(2) % figures.length] ?? '',
  };
}
