import type { Module } from '../../context.ts';
import { eraseOldSent, gathering, sending, tellByMail, tellOfAddress } from './jobs.ts';
import { mountMail } from './routes.ts';

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
