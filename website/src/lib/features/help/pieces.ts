export type Piece =
  { type: 'text' | 'button' | 'code'; text: string } | { type: 'link'; text: string; href: string };

const MARK = /\*\*([^*]+)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)]+)\)/g;

/** A text in its pieces: plain words, buttons, commands and links. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const plain = (to: number) => {
    if (to > from) pieces.push({ type: 'text', text: text.slice(from, to) });
  };
  for (const { index, 0: all, 1: label, 2: code, 3: words, 4: href } of text.matchAll(MARK)) {
    plain(index);
    if (label !== undefined) pieces.push({ type: 'button', text: label });
    else if (code !== undefined) pieces.push({ type: 'code', text: code });
    else pieces.push({ type: 'link', text: words ?? '', href: href ?? '' });
    from = index + all.length;
  }
  plain(text.length);
  return pieces;
}
