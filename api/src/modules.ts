import type { Module } from './context.ts';
import { accounts } from './modules/accounts/index.ts';
import { admin } from './modules/admin/index.ts';
import { blocks } from './modules/blocks/index.ts';
import { contracts } from './modules/contracts/index.ts';
import { icp } from './modules/icp/index.ts';
import { market } from './modules/market/index.ts';
import { notices } from './modules/notices/index.ts';
import { offerings } from './modules/offerings/index.ts';
import { saved } from './modules/saved/index.ts';
import { platformModule } from './modules/platform/index.ts';
import { sessions } from './modules/sessions/index.ts';

/** Every module of the API; a module that is not listed here is not served. */
export const modules: readonly Module[] = [
  platformModule,
  sessions,
  accounts,
  offerings,
  contracts,
  blocks,
  market,
  icp,
  admin,
  saved,
  notices,
];
