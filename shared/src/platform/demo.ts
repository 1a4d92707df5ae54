/**
 * Who a demo marketplace can be tried as. Their recovery phrases are public, so these accounts are
 * nobody's: the API gives them out only with DEMO=on, which production refuses. Pages ask the API
 * for them and never import this file.
 */
export const demoIdentities = [
  {
    handle: 'mira-okafor',
    role: 'renter',
    phrase: 'public sample practice test example only nothing secret borrow rent machine okay',
    about: 'trains small language models on rented GPUs',
  },
  {
    handle: 'lowland-metal',
    role: 'provider',
    phrase: 'public sample practice test example only nothing secret provide host machine use',
    about: 'rents out GPU nodes and servers in Amsterdam and Frankfurt',
  },
] as const;

/** What a start prints: where to open the demo, and the phrases that sign in to it. */
export function demoWelcome(origin: string): string {
  const width = Math.max(...demoIdentities.map(({ role }) => role.length));
  const lines = demoIdentities.map(({ role, phrase }) => `  ${role.padEnd(width)}  ${phrase}`);
  return [
    `This is a demo: browse ${origin}/marketplace, and step in at ${origin}/sign-in`,
    'with one press, or by a recovery phrase:',
    ...lines,
  ].join('\n');
}
