/** Module -> the modules it may use, through their `index.ts`. What is not listed may not. */
export const graph: Readonly<Record<string, readonly string[]>> = {
  accounts: ['market', 'notices', 'sessions'],
  admin: [],
  blocks: [],
  contracts: ['accounts', 'notices', 'offerings'],
  market: ['offerings'],
  icp: ['accounts', 'admin', 'contracts', 'offerings'],
  notices: [],
  offerings: ['blocks'],
  saved: ['market', 'notices', 'offerings'],
  platform: [],
  sessions: [],
};
