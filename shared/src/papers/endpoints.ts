import { endpoint } from '../endpoint.ts';
import { detailsInput, detailsView } from './schemas.ts';

export const papers = {
  details: endpoint({
    method: 'GET',
    path: '/billing/details',
    summary: 'Who you are on invoices: name, address, country and VAT id',
    access: 'billing.read',
    reply: detailsView,
    problems: [],
  }),
  setDetails: endpoint({
    method: 'PUT',
    path: '/billing/details',
    summary: 'Say who you are on invoices from now on; a VAT id of the EU is looked up',
    access: 'billing.write',
    body: detailsInput,
    reply: detailsView,
    problems: [],
  }),
};
