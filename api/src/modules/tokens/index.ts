import type { Module } from '../../context.ts';
import { eraseEndedTokens, keepUses, tellOfTokens } from './jobs.ts';
import { mountTokens } from './routes.ts';

export { revokeTokensOf } from './service.ts';

export const tokens: Module = {
  name: 'tokens',
  routes: mountTokens,
  consumers: [{ name: 'tokens.notices', handlers: { 'account.tokens': tellOfTokens } }],
  sweepers: [keepUses, eraseEndedTokens],
};
