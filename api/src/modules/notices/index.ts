import type { Module } from '../../context.ts';
import { eraseOldNotices, streams } from './jobs.ts';
import { mountNotices } from './routes.ts';

export { countUnread } from './repo.ts';
export { choiceOf, endMail, findAnyTold, notify, tellStreams, type NoticeFact } from './service.ts';

export const notices: Module = {
  name: 'notices',
  routes: mountNotices,
  consumers: [streams],
  sweepers: [eraseOldNotices],
};
