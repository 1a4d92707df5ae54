import type { Module } from '../../context.ts';
import { eraseOldSent, gathering, sending, tellByMail, tellOfAddress } from './jobs.ts';
import { mountMail } from './routes.ts';

export { gatheredContent, rendered } from './jobs.ts';
export { listSent } from './repo.ts';
export { confirmContent } from './service.ts';

export const mail: Module = {
  name: 'mail',
  routes: mountMail,
  consumers: [
    {
      name: 'mail.notices',
      handlers: { 'notices.made': tellByMail, 'account.mail': tellOfAddress },
    },
  ],
  due: [gathering],
  effects: [sending],
  sweepers: [eraseOldSent],
};
