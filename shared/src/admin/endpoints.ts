import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { pageQuery } from '../fields.ts';
import { adminLogReply } from './schemas.ts';

export const admin = {
  log: endpoint({
    method: 'GET',
    path: '/admin/log',
    summary: 'What admins did and who was made one, newest first',
    access: 'admin',
    query: z.object(pageQuery),
    reply: adminLogReply,
    problems: ['cursor.invalid'],
  }),
};
