import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { pageQuery } from '../fields.ts';
import { adminLogReply, dueThing, failingWorkReply } from './schemas.ts';

export const admin = {
  log: endpoint({
    method: 'GET',
    path: '/admin/log',
    summary: 'What admins did and who was made one, newest first',
    access: 'admin.log',
    query: z.object(pageQuery),
    reply: adminLogReply,
    problems: ['cursor.invalid'],
  }),
  failingWork: endpoint({
    method: 'GET',
    path: '/admin/failing',
    summary: 'What fell due and failed, the latest failure first',
    access: 'admin.work',
    reply: failingWorkReply,
    problems: [],
  }),
  runAgain: endpoint({
    method: 'POST',
    path: '/admin/failing/:kind/:subject_id/again',
    summary: 'Try again now what fell due and failed',
    access: 'admin.work',
    params: dueThing,
    reply: z.void(),
    problems: [],
  }),
};
