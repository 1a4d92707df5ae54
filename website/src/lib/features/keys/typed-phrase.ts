import { readPhrase, type ReadPhrase } from '@berth/shared/signing/phrase';

/** Reads a phrase as a person pastes it, also from a numbered list. */
export const readTypedPhrase = (text: string): ReadPhrase =>
  readPhrase(text.replace(/[\d.,;:()]+/g, ' '));
