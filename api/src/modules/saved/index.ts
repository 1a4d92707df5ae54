import type { Module } from '../../context.ts';
import { lookAgain, markChanged, settleChanges, tellChanged, tellFound } from './jobs.ts';
import { mountSaved } from './routes.ts';

export const saved: Module = {
  name: 'saved',
  routes: mountSaved,
  consumers: [
    {
      name: 'saved.changes',
      handlers: { 'offering.changed': markChanged, 'offering.unlisted': markChanged },
    },
    {
      name: 'saved.notices',
      handlers: { 'saved.changed': tellChanged, 'saved.found': tellFound },
    },
  ],
  sweepers: [settleChanges, lookAgain],
};
