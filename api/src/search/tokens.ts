import { foldText } from '@berth/shared/market/fold';

const NOT_A_WORD = /[^\p{L}\p{N}]+/u;
const NOT_A_PLAIN_WORD = /[^a-z0-9]+/;
const PLAIN = /^[\u0000-\u007f]*$/;

/** The words of a text, folded: `Zürich, RTX-4090` -> `zurich`, `rtx`, `4090`. */
export function tokensOf(text: string): string[] {
  const words = PLAIN.test(text)
    ? text.toLowerCase().split(NOT_A_PLAIN_WORD)
    : foldText(text).split(NOT_A_WORD);
  return words.filter((word) => word !== '');
}

/** Whether a text, or one of several, holds every word. */
export function holdsWords(own: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word) => own.includes(word));
}
