const NOT_A_WORD = /[^\p{L}\p{N}]+/gu;

/** How searched text is compared: `Zürich` as `zurich`, without case, accents and width. */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The same without what is neither letter nor digit: `RTX-4090` and `rtx 4090` as `rtx4090`. */
export const foldName = (text: string): string => foldText(text).replace(NOT_A_WORD, '');
