import { cleanText } from '../letters.ts';

/** What a page shows of a foreign text: the letters it may have, and no more of them than fit. */
function cut(text: string, most: number): string {
  let kept = '';
  for (const letter of text) {
    if (kept.length + letter.length > most) break;
    kept += letter;
  }
  return kept.trim();
}

/** Cut in the middle of an emoji, it may end in a letter that nobody sees. */
const shorten = (text: string, most: number): string =>
  cleanText(cut(cleanText(text).trim(), most)).trim();

/** One line of a foreign text, of letters that can be seen. */
export const lineFrom = (text: string, most: number): string =>
  shorten(text.replace(/[\s\p{Cc}]+/gu, ' '), most);

/** Lines of a foreign text, of letters that can be seen, tabs and line breaks. */
export const paragraphFrom = (text: string, most: number): string => shorten(text, most);
