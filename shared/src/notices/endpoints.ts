import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { idOf, pageOf, pageQuery } from '../fields.ts';
import { noticeChoices } from './choices.ts';
import { MAX_READ_AT_ONCE, noticeView } from './schemas.ts';

export const notices = {
  list: endpoint({
    method: 'GET',
    path: '/notices',
    summary: 'Your notices, latest first',
    access: 'notices.read',
    query: z.object({ unread: z.enum(['1']).optional(), ...pageQuery }),
    reply: pageOf(noticeView).extend({ unread: z.number().int() }),
    problems: ['cursor.invalid'],
  }),
  read: endpoint({
    method: 'POST',
    path: '/notices/read',
    summary: 'Mark notices as read: those named, or all',
    access: 'notices.read',
    body: z.union([
      z.strictObject({ ids: z.array(idOf('notice')).min(1).max(MAX_READ_AT_ONCE) }),
      z.strictObject({ all: z.literal(true) }),
    ]),
    reply: z.object({ unread: z.number().int() }),
    problems: [],
  }),
  choices: endpoint({
    method: 'GET',
    path: '/me/notice-choices',
    summary: 'How you are told, by category: on the bell, and by mail',
    access: 'account.read',
    reply: noticeChoices,
    problems: [],
  }),
  choose: endpoint({
    method: 'PUT',
    path: '/me/notice-choices',
    summary: 'Choose how you are told; what is about security is always told',
    access: 'account.write',
    body: noticeChoices,
    reply: noticeChoices,
    problems: [],
  }),
  stream: endpoint({
    method: 'GET',
    path: '/stream',
    summary: 'Server-sent events: what changed, resumable by Last-Event-ID',
    access: 'notices.read',
    reply: z.string(),
    problems: [],
    produces: 'text/event-stream',
  }),
  publicStream: endpoint({
    method: 'GET',
    path: '/stream/public',
    summary: 'Server-sent events: which offerings changed, for who has no session',
    access: 'anyone',
    reply: z.string(),
    problems: [],
    produces: 'text/event-stream',
  }),
};
