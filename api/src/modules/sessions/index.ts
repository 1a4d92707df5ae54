import type { Module } from '../../context.ts';
import { eraseOldChallenges, eraseOldSessions } from './jobs.ts';
import { mountSessions } from './routes.ts';

export {
  endOwnSession,
  listDevices,
  listSessions,
  openByDevice,
  openDelegated,
  proveKey,
  putDeviceOut,
  removeDevicesOf,
  type OpenedSession,
} from './service.ts';

export const sessions: Module = {
  name: 'sessions',
  routes: mountSessions,
  sweepers: [eraseOldChallenges, eraseOldSessions],
};
