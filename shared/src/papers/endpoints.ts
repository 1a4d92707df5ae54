import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { hex64, idOf, pageQuery } from '../fields.ts';
import { paperKindNames } from './papers.ts';
import {
  detailsInput,
  detailsView,
  paperPage,
  paperPdf,
  paperSides,
  paperView,
} from './schemas.ts';

const MIN_YEAR = 2000;
const MAX_YEAR = 9999;
const one = z.object({ invoice_id: idOf('invoice') });

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
  list: endpoint({
    method: 'GET',
    path: '/billing/invoices',
    summary: 'Your invoices and credit notes, newest first',
    access: 'billing.read',
    query: z.object({
      ...pageQuery,
      /** What you bought, sold, or paid as commission; what you bought if not said. */
      side: z.enum(paperSides).optional(),
      contract_id: hex64.optional(),
    }),
    reply: paperPage,
    problems: ['cursor.invalid'],
  }),
  get: endpoint({
    method: 'GET',
    path: '/billing/invoices/:invoice_id',
    summary: 'An invoice or credit note with its lines, for its buyer and its seller',
    access: 'billing.read',
    params: one,
    reply: paperView,
    problems: [],
  }),
  pdf: endpoint({
    method: 'GET',
    path: '/billing/invoices/:invoice_id/pdf',
    summary: 'An invoice or credit note as PDF, the same each time',
    access: 'billing.read',
    params: one,
    reply: paperPdf,
    problems: [],
    produces: 'application/pdf',
  }),
  listAll: endpoint({
    method: 'GET',
    path: '/admin/invoices',
    summary: 'The invoices and credit notes of everybody, newest first',
    access: 'admin.money',
    query: z.object(pageQuery),
    reply: paperPage,
    problems: ['cursor.invalid'],
  }),
  show: endpoint({
    method: 'GET',
    path: '/admin/invoices/:invoice_id',
    summary: 'An invoice or credit note of anybody with its lines',
    access: 'admin.money',
    params: one,
    reply: paperView,
    problems: [],
  }),
  showPdf: endpoint({
    method: 'GET',
    path: '/admin/invoices/:invoice_id/pdf',
    summary: 'An invoice or credit note of anybody as PDF',
    access: 'admin.money',
    params: one,
    reply: paperPdf,
    problems: [],
    produces: 'application/pdf',
  }),
  file: endpoint({
    method: 'GET',
    path: '/admin/invoices.csv',
    summary: 'The invoices of a kind and year as CSV by number, 10,000 after one that is named',
    access: 'admin.money',
    query: z.object({
      kind: z.enum(paperKindNames).default('invoice'),
      year: z.coerce.number().int().min(MIN_YEAR).max(MAX_YEAR),
      /** The number that it begins after, without its letters and year. */
      after: z.coerce.number().int().min(0).default(0),
    }),
    reply: z.string(),
    problems: [],
    produces: 'text/csv',
  }),
};
