import type { Module } from '../../context.ts';
import { eraseOldChallenges, eraseOldSessions } from './jobs.ts';
import { mountSessions } from './routes.ts';

export {
  listDevices,
  listSessions,
  openByDevice,
  openDelegated,
  proveKey,
  removeDevicesOf,
  type OpenedSession,
} from './service.ts';

export const sessions: Module = {
  name: 'sessions',
  routes: mountSessions,
  sweepers: [eraseOldChallenges, eraseOldSessions],
};
