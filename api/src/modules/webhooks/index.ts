import type { Module } from '../../context.ts';
import {
  deliveries,
  eraseOldDeliveries,
  tellOfDisabled,
  tellOfEntry,
  tellOfNotice,
  tellOfOffering,
  tellOfSet,
} from './jobs.ts';
import { mountWebhooks } from './routes.ts';

export const webhooks: Module = {
  name: 'webhooks',
  routes: mountWebhooks,
  consumers: [
    {
      name: 'webhooks.events',
      handlers: {
        'contract.moved': tellOfEntry,
        'notices.made': tellOfNotice,
        'offering.changed': tellOfOffering,
        'offering.unlisted': tellOfOffering,
      },
    },
    {
      name: 'webhooks.notices',
      handlers: { 'webhook.disabled': tellOfDisabled, 'webhook.set': tellOfSet },
    },
  ],
  sweepers: [eraseOldDeliveries],
  effects: deliveries,
};
