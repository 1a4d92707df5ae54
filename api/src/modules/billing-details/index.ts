import type { Module } from '../../context.ts';
import { checkVatId } from './jobs.ts';
import { mountBillingDetails } from './routes.ts';

export const billingDetails: Module = {
  name: 'billing-details',
  routes: mountBillingDetails,
  effects: [checkVatId],
};
