/** Module -> the modules it may use, through their `index.ts`. What is not listed may not. */
export const graph: Readonly<Record<string, readonly string[]>> = {
  accounts: ['sessions'],
  offerings: [],
  service: [],
  sessions: [],
};
