/** Ways to be reached. Apart from the schemas, so that a page may show them without a validator. */
export const contactKinds = ['email', 'matrix', 'telegram', 'discord', 'phone', 'url'] as const;
export type ContactKind = (typeof contactKinds)[number];

/** What a value of each kind looks like, and the sentence when it does not. */
export const contactRules: Record<
  ContactKind,
  { label: string; example: string; pattern: RegExp; message: string }
> = {
  email: {
    label: 'Email',
    example: 'you@example.org',
    pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
    message: 'An email address looks like you@example.org',
  },
  matrix: {
    label: 'Matrix',
    example: '@you:matrix.org',
    pattern: /^@[a-z0-9._=/+-]+:[A-Za-z0-9.-]+(:\d+)?$/,
    message: 'A Matrix id looks like @you:matrix.org',
  },
  telegram: {
    label: 'Telegram',
    example: '@your_name',
    pattern: /^@[A-Za-z0-9_]{4,32}$/,
    message: 'A Telegram name looks like @your_name',
  },
  discord: {
    label: 'Discord',
    example: 'your.name',
    pattern: /^[a-z0-9._]{2,32}$/,
    message: 'A Discord name has 2 to 32 of a-z, 0-9, dot and underscore',
  },
  phone: {
    label: 'Phone',
    example: '+31 20 123 4567',
    pattern: /^\+[0-9][0-9 ()-]{6,24}$/,
    message: 'A phone number begins with + and the country code',
  },
  url: {
    label: 'Web page',
    example: 'https://example.org',
    pattern: /^https:\/\/[^\s/$.?#][^\s]*$/,
    message: 'A web page begins with https://',
  },
};
