/** What a page shows of a foreign text: the letters it may have, and no more of them than fit. */
function cut(text: string, most: number): string {
  let kept = '';
  for (const letter of text) {
    if (kept.length + letter.length > most) break;
    kept += letter;
  }
  return kept.trim();
}

/** One line of a foreign text, without control characters. */
export const lineFrom = (text: string, most: number): string =>
  cut(text.replace(/[\s\p{Cc}\p{Cs}\p{Co}\p{Cn}]+/gu, ' ').trim(), most);

/** Lines of a foreign text; tabs and line breaks are the only control characters that stay. */
export const paragraphFrom = (text: string, most: number): string =>
  cut(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\p{Cs}]+/gu, '').trim(), most);
