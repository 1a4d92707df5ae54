import type { Module } from '../../context.ts';
import { mountSignIn } from './routes.ts';

export { describeAccount, ensureAccount, isKeyRemoved, knowsKey } from './service.ts';

export const signingIn: Module = { name: 'sign-in', routes: mountSignIn };
