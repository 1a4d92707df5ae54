import { readPhrase, type ReadPhrase } from '@berth/shared/signing/phrase';
import { languageOf } from '@berth/shared/signing/phrase-languages';

/** What cannot be seen stands between words where a space was meant, or inside one by accident. */
const UNSEEN = /[\p{Cf}\p{DI}]+/gu;
/** Numbers, bullets, quotation marks: whatever is no letter of a word. */
const NO_LETTERS = /[^\p{L}\p{M}]+/gu;

/**
 * Reads a phrase as a person pastes it: from a numbered or bulleted list, in quotation marks, with
 * letters that cannot be seen. Words of another language are told as such.
 */
export async function readTypedPhrase(text: string): Promise<ReadPhrase> {
  const [together, apart] = ['', ' '].map((by) =>
    readPhrase(text.replace(UNSEEN, by).replace(NO_LETTERS, ' ')),
  );
  if (together?.ok || !apart) return together ?? readPhrase(text);
  if (apart.ok) return apart;
  const language = await languageOf(text.replace(UNSEEN, '').replace(NO_LETTERS, ' '));
  if (language === null) return together ?? apart;
  const sentence = `These words are ${language}. Berth’s phrases are of the English list; type those.`;
  return { ok: false, sentence };
}
