import type { Module } from '../../context.ts';
import { tellOfDevice, tellOfKeys } from './jobs.ts';
import { mountKeys } from './routes.ts';

export {
  keepFirstEncryptionKey,
  listKeyEvents,
  listRevocations,
  refuseUnsealable,
} from './service.ts';

export const keys: Module = {
  name: 'keys',
  routes: mountKeys,
  consumers: [
    {
      name: 'accounts.notices',
      handlers: { 'account.keys': tellOfKeys, 'account.device': tellOfDevice },
    },
  ],
};
