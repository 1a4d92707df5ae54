/** What may be a secret in a text that others wrote, each with what stands for it. */
const SECRETS: readonly (readonly [pattern: RegExp, kept: string])[] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/gi, '$1…@'],
  [/\bberth_[a-z]+_\w+/gi, 'berth_…'],
  [/([?&][^=\s&]*)=[^\s&"']+/g, '$1=…'],
  [/\b(bearer|basic)\s+\S+/gi, '$1 …'],
  [
    /((?:password|passwd|secret|token|api[ _-]?key|authorization|cookie)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|\S+)/gi,
    '$1…',
  ],
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '…@…'],
  // What is as long as a key and as mixed: names of ours have no digits.
  [/\b(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])[\w+/=-]{20,}/gi, '…'],
];

/** The text of an error for admins: without credentials, addresses of people and long ids. */
export const withoutSecrets = (text: string): string =>
  SECRETS.reduce((left, [pattern, kept]) => left.replace(pattern, kept), text);
