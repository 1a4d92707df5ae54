/** Module -> the modules it may use, through their `index.ts`. What is not listed may not. */
export const graph: Readonly<Record<string, readonly string[]>> = {
  accounts: ['notices', 'sessions'],
  contracts: ['accounts', 'notices', 'offerings'],
  market: ['offerings'],
  notices: [],
  offerings: [],
  service: [],
  sessions: [],
};
