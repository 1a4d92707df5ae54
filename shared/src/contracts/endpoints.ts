import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { hex64 } from '../fields.ts';
import {
  contractListQuery,
  contractListReply,
  contractView,
  dashboardView,
  evidenceView,
  headView,
  signedMove,
} from './schemas.ts';

const one = z.object({ contract_id: hex64 });
const signed = [
  'signature.invalid',
  'statement.invalid',
  'statement.clock',
  'price.changed',
] as const;

export const contracts = {
  request: endpoint({
    method: 'POST',
    path: '/contracts',
    summary: 'Sign a request for an offering; it makes the contract and asks the provider',
    access: 'rent',
    body: signedMove,
    reply: headView,
    problems: [
      ...signed,
      'offering.not_available',
      'offering.out_of_stock',
      'offering.own',
      'offering.moved',
      'account.too_many',
    ],
    limit: 'request',
  }),
  move: endpoint({
    method: 'POST',
    path: '/contracts/:contract_id/moves',
    summary: 'Sign a move of a contract, or an entry that moves nothing',
    access: 'read',
    params: one,
    body: signedMove,
    reply: headView,
    problems: [
      ...signed,
      'contract.no_such_move',
      'contract.not_yours',
      'contract.not_yet',
      'contract.moved',
      'session.scope',
      'account.too_many',
    ],
  }),
  list: endpoint({
    method: 'GET',
    path: '/contracts',
    summary: 'Your contracts on one side',
    access: 'read',
    query: contractListQuery,
    reply: contractListReply,
    problems: ['cursor.invalid'],
  }),
  get: endpoint({
    method: 'GET',
    path: '/contracts/:contract_id',
    summary: 'One contract as its reader sees it: state, next moves, log, credentials',
    access: 'read',
    params: one,
    reply: contractView,
    problems: [],
  }),
  evidence: endpoint({
    method: 'GET',
    path: '/contracts/:contract_id/evidence',
    summary: 'The log with all that is needed to verify it offline',
    access: 'read',
    params: one,
    reply: evidenceView,
    problems: [],
  }),
  recipient: endpoint({
    method: 'GET',
    path: '/contracts/:contract_id/recipient',
    summary: 'The first entry, with all that proves whom its credentials are to be sealed to',
    access: 'read',
    params: one,
    reply: evidenceView,
    problems: [],
  }),
  dashboard: endpoint({
    method: 'GET',
    path: '/dashboard',
    summary: 'What needs you, what runs, what it costs and earns',
    access: 'read',
    reply: dashboardView,
    problems: [],
  }),
};
