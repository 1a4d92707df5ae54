import type { Module } from '../../context.ts';
import { tellOfBankAccount, tellPayee } from './jobs.ts';
import { mountPayouts } from './routes.ts';

export const payouts: Module = {
  name: 'payouts',
  routes: mountPayouts,
  consumers: [
    { name: 'payouts.notices', handlers: { 'payout.bank_account': tellOfBankAccount } },
    { name: 'payouts.streams', handlers: { 'payout.moved': tellPayee } },
  ],
};
