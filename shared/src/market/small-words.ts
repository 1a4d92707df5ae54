import { foldName, foldText } from './fold.ts';

const smallWords: ReadonlySet<string> = new Set(
  (
    'a an the in with for of at by from to near around within on i me my we our want need' +
    ' looking find show get rent renting hire some any that has have having is are per month' +
    ' monthly hour hourly each please'
  ).split(' '),
);

/** Whether a word stands between others and asks for nothing, as `in` does, or has no letter. */
export const isSmallWord = (text: string): boolean =>
  smallWords.has(foldText(text)) || foldName(text) === '';
