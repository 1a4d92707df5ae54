/** The other languages that recovery phrases are written in; a list is read when needed. */

type List = () => Promise<{ wordlist: readonly string[] }>;

const lists: Record<string, List> = {
  Spanish: () => import('@scure/bip39/wordlists/spanish.js'),
  French: () => import('@scure/bip39/wordlists/french.js'),
  Italian: () => import('@scure/bip39/wordlists/italian.js'),
  Portuguese: () => import('@scure/bip39/wordlists/portuguese.js'),
  Czech: () => import('@scure/bip39/wordlists/czech.js'),
  Japanese: () => import('@scure/bip39/wordlists/japanese.js'),
  Korean: () => import('@scure/bip39/wordlists/korean.js'),
  'simplified Chinese': () => import('@scure/bip39/wordlists/simplified-chinese.js'),
  'traditional Chinese': () => import('@scure/bip39/wordlists/traditional-chinese.js'),
};

/** Fewer words than these show no language. */
const LEAST_WORDS = 3;
const LEAST_SHARE = 0.75;

/** Accents may be left out, as many do who type them. */
const plain = (word: string): string => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Words of Chinese need no space between them. */
const wordsIn = (text: string): string[] =>
  text
    .replace(/\p{sc=Han}/gu, ' $& ')
    .split(/\s+/)
    .filter(Boolean)
    .map(plain);

/** The language whose list has most of the words; null where none has nearly all. */
export async function languageOf(text: string): Promise<string | null> {
  const words = wordsIn(text);
  if (words.length < LEAST_WORDS) return null;
  const english = await import('@scure/bip39/wordlists/english.js');
  const known = new Set(english.wordlist);
  if (words.filter((word) => known.has(word)).length >= words.length * LEAST_SHARE) return null;
  let best = { language: null as string | null, share: LEAST_SHARE };
  for (const [language, list] of Object.entries(lists)) {
    const { wordlist } = await list();
    const there = new Set(wordlist.map(plain));
    const share = words.filter((word) => there.has(word)).length / words.length;
    if (share > best.share || (share === best.share && best.language === null)) {
      best = { language, share };
    }
  }
  return best.language;
}
