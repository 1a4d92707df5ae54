import type { Module } from '../../context.ts';
import { eraseOldNotices } from './jobs.ts';
import { mountNotices } from './routes.ts';
import { tellNoticesRead, tellOfferingChanged } from './service.ts';

export { countUnread } from './repo.ts';
export { notify, tellStreams } from './service.ts';

export const notices: Module = {
  name: 'notices',
  routes: mountNotices,
  handlers: { 'notices.read': tellNoticesRead, 'offering.changed': tellOfferingChanged },
  sweepers: [eraseOldNotices],
};
