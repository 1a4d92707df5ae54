import { accounts } from './accounts/endpoints.ts';
import { admin } from './admin/endpoints.ts';
import { blocks } from './blocks/endpoints.ts';
import { contracts } from './contracts/endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { icp } from './icp/endpoints.ts';
import { papers } from './papers/endpoints.ts';
import { payments } from './payments/endpoints.ts';
import { payouts } from './payouts/endpoints.ts';
import { ledger } from './ledger/endpoints.ts';
import { mail } from './mail/endpoints.ts';
import { market } from './market/endpoints.ts';
import { notices } from './notices/endpoints.ts';
import { offerings } from './offerings/endpoints.ts';
import { saved } from './saved/endpoints.ts';
import { platform } from './platform/endpoints.ts';
import { rates } from './rates/endpoints.ts';
import { tokens } from './tokens/endpoints.ts';
import { webhooks } from './webhooks/endpoints.ts';

/**
 * Every endpoint there is. OpenAPI, the mounted routes and the tests are held against this list.
 */
export const endpoints = {
  platform,
  accounts,
  offerings,
  market,
  contracts,
  blocks,
  icp,
  ledger,
  papers,
  payments,
  payouts,
  admin,
  saved,
  notices,
  mail,
  rates,
  tokens,
  webhooks,
} as const;

export const allEndpoints: readonly (Endpoint & { name: string })[] = Object.entries(
  endpoints,
).flatMap(([domain, group]) =>
  Object.entries(group as Record<string, Endpoint>).map(([name, definition]) => ({
    ...definition,
    name: `${domain}.${name}`,
  })),
);
