import { endpoint } from '../endpoint.ts';
import { ratesView } from './schemas.ts';

export const rates = {
  show: endpoint({
    method: 'GET',
    path: '/rates',
    summary: 'The exchange rates by which prices are compared, and whose they are',
    access: 'anyone',
    reply: ratesView,
    problems: [],
  }),
};
