import type { Module } from '../../context.ts';
import { checkVatId } from './jobs.ts';
import { mountBillingDetails } from './routes.ts';

export { findAnyDetails } from './repo.ts';
export { taxSideOf } from './service.ts';

export const billingDetails: Module = {
  name: 'billing-details',
  routes: mountBillingDetails,
  effects: [checkVatId],
};
