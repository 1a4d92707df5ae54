/** The marks of the language; each pattern is tried at one place and may find nothing. */
export const SPACE = /[\s\p{C}]*/uy;
export const SPACE_OR_COMMA = /[\s\p{C},]*/uy;
export const WORD = /[^\s\p{C}"():,]*/uy;
export const VALUE = /[^\s\p{C}"(),]*/uy;
export const QUOTED = /"(?:[^"\\]|\\.)*"/suy;
export const OPERATOR = /(?:[<>]=?|=)?/y;

/** What a pattern finds at a place. */
export function findAt(text: string, pattern: RegExp, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** What stands between quotes, without its backslashes. */
export const unescaped = (text: string): string => text.replace(/\\(.)/gsu, '$1');
