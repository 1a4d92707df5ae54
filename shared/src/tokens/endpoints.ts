import * as z from 'zod';
import { tokenPermissions, type Permission } from '../access.ts';
import { endpoint } from '../endpoint.ts';
import { idOf } from '../fields.ts';
import { currentToken, tokenInput, tokenMade, tokenRotation, tokenView } from './schemas.ts';

/** Whatever a token has, it may ask what it is. */
const anyOfToken = tokenPermissions as [Permission, Permission, ...Permission[]];

const one = z.object({ token_id: idOf('token') });

export const tokens = {
  list: endpoint({
    method: 'GET',
    path: '/me/tokens',
    summary: 'Your API tokens, the newest first, with those that ended lately',
    access: 'tokens.write',
    reply: z.object({ items: z.array(tokenView) }),
    problems: [],
  }),
  create: endpoint({
    method: 'POST',
    path: '/me/tokens',
    summary: 'Make an API token; its secret is in this answer alone',
    access: 'tokens.write',
    body: tokenInput,
    reply: tokenMade,
    problems: ['account.too_many'],
    rate_limit: 'secret',
    shows_once: true,
  }),
  rotate: endpoint({
    method: 'POST',
    path: '/me/tokens/:token_id/rotations',
    summary: 'Give a token a new secret, shown in this answer alone; the one before ends later',
    access: 'tokens.write',
    params: one,
    body: tokenRotation,
    reply: tokenMade,
    problems: ['account.too_many'],
    rate_limit: 'secret',
    shows_once: true,
  }),
  revoke: endpoint({
    method: 'DELETE',
    path: '/me/tokens/:token_id',
    summary: 'Revoke a token; it works no more from now on',
    access: 'tokens.write',
    params: one,
    reply: z.void(),
    problems: [],
  }),
  current: endpoint({
    method: 'GET',
    path: '/token',
    summary: 'What the API token of this request is: whose, until when, and what it may do',
    access: anyOfToken,
    reply: currentToken,
    problems: ['request.not_found'],
  }),
};
