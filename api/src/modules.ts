import type { Module } from './context.ts';
import { keys } from './modules/keys/index.ts';
import { profile } from './modules/profile/index.ts';
import { signingIn } from './modules/sign-in/index.ts';
import { admin } from './modules/admin/index.ts';
import { billing } from './modules/billing/index.ts';
import { blocks } from './modules/blocks/index.ts';
import { contractLists } from './modules/contract-lists/index.ts';
import { contractMoves } from './modules/contract-moves/index.ts';
import { contractPages } from './modules/contract-pages/index.ts';
import { contracts } from './modules/contracts/index.ts';
import { earnings } from './modules/earnings/index.ts';
import { evidence } from './modules/evidence/index.ts';
import { icp } from './modules/icp/index.ts';
import { ledger } from './modules/ledger/index.ts';
import { mail } from './modules/mail/index.ts';
import { mailPages } from './modules/mail-pages/index.ts';
import { billingDetails } from './modules/billing-details/index.ts';
import { invoices } from './modules/invoices/index.ts';
import { market } from './modules/market/index.ts';
import { notices } from './modules/notices/index.ts';
import { autoAccept } from './modules/auto-accept/index.ts';
import { bulk } from './modules/bulk/index.ts';
import { catalogue } from './modules/catalogue/index.ts';
import { history } from './modules/history/index.ts';
import { importing } from './modules/import/index.ts';
import { statistics } from './modules/statistics/index.ts';
import { stock } from './modules/stock/index.ts';
import { payments } from './modules/payments/index.ts';
import { payouts } from './modules/payouts/index.ts';
import { rates } from './modules/rates/index.ts';
import { requests } from './modules/requests/index.ts';
import { saved } from './modules/saved/index.ts';
import { platformModule } from './modules/platform/index.ts';
import { sessions } from './modules/sessions/index.ts';
import { webhooks } from './modules/webhooks/index.ts';
import { tokens } from './modules/tokens/index.ts';

/** Every module of the API; a module that is not listed here is not served. */
export const modules: readonly Module[] = [
  platformModule,
  sessions,
  signingIn,
  profile,
  keys,
  tokens,
  catalogue,
  history,
  statistics,
  bulk,
  importing,
  autoAccept,
  stock,
  requests,
  contracts,
  contractMoves,
  contractLists,
  contractPages,
  evidence,
  ledger,
  billing,
  billingDetails,
  invoices,
  payments,
  payouts,
  earnings,
  blocks,
  market,
  icp,
  admin,
  saved,
  notices,
  mail,
  mailPages,
  rates,
  webhooks,
];
