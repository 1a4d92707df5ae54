import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { pageQuery } from '../fields.ts';
import { adminLogReply, workReply, workThing } from './schemas.ts';

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
  work: endpoint({
    method: 'GET',
    path: '/admin/background',
    summary: 'What is done in the background, and what of it fails',
    access: 'admin.work',
    reply: workReply,
    problems: [],
  }),
  runAgain: endpoint({
    method: 'POST',
    path: '/admin/background/:kind/:subject_id/again',
    summary: 'Try again now what failed or was given up',
    access: 'admin.work',
    params: workThing,
    reply: z.void(),
    problems: [],
  }),
};
