import type { ModuleGraph } from './architecture.ts';

/** Domain of `shared/src` -> the domains it may use; what stands beside the folders is for all. */
export const sharedGraph: ModuleGraph = {
  accounts: ['signing'],
  admin: [],
  blocks: [],
  contracts: ['accounts', 'icp', 'notices', 'offerings', 'signing'],
  icp: ['accounts', 'signing'],
  ledger: ['offerings'],
  mail: ['notices'],
  market: ['offerings', 'rates'],
  notices: [],
  offerings: ['icp', 'signing'],
  papers: ['offerings'],
  payments: [],
  payouts: [],
  platform: ['ledger', 'signing'],
  rates: [],
  reference: [],
  saved: ['market', 'offerings'],
  signing: [],
  tokens: [],
  webhooks: ['contracts'],
};

/** Feature of the website -> the features it may use. */
export const featureGraph: ModuleGraph = {
  account: ['keys'],
  admin: ['billing'],
  billing: [],
  blocks: [],
  contracts: ['billing', 'blocks', 'icp', 'keys', 'offerings'],
  docs: [],
  front: [],
  help: ['market'],
  icp: [],
  keyboard: ['contracts', 'market', 'notices', 'shell'],
  keys: [],
  mail: [],
  market: ['icp', 'offerings', 'saved'],
  notices: [],
  offerings: ['billing', 'icp', 'keys'],
  saved: ['offerings'],
  seen: ['offerings'],
  shell: ['keys', 'notices'],
  tokens: [],
  webhooks: [],
};
