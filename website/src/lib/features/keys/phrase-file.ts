import { downloadText } from '#lib/download.ts';

/** Gives the person their recovery phrase as a text file that says what it is. */
export function downloadPhrase(phrase: string, handle: string): void {
  const words = phrase
    .split(' ')
    .map((word, at) => `${String(at + 1).padStart(2)}. ${word}`)
    .join('\n');
  const whose = handle === '' ? '' : ` of @${handle}`;
  const text = `Berth recovery phrase${whose}
${location.origin}

${words}

All in one line, for pasting:
${phrase}

Whoever has these words can sign in as you. Nobody can bring them back.
Keep them on paper or in a password manager, then delete this file.
`;
  downloadText(`berth-recovery-phrase${handle === '' ? '' : `-${handle}`}.txt`, text);
}
