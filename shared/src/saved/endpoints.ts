import * as z from 'zod';
import { endpoint } from '../endpoint.ts';
import { idOf, pageOf, pageQuery } from '../fields.ts';
import { savedOffering, savedSearch, savedSearchInput } from './schemas.ts';

const oneOffering = z.object({ offering_id: idOf('offering') });
const oneSearch = z.object({ saved_search_id: idOf('saved_search') });

export const saved = {
  listOfferings: endpoint({
    method: 'GET',
    path: '/me/saved-offerings',
    summary: 'The offerings you saved, latest first',
    access: 'saved.read',
    query: z.object({ ...pageQuery }),
    reply: pageOf(savedOffering),
    problems: ['cursor.invalid'],
  }),
  listOfferingIds: endpoint({
    method: 'GET',
    path: '/me/saved-offerings/ids',
    summary: 'The ids of all the offerings you saved, for marking them in lists',
    access: 'saved.read',
    reply: z.object({ ids: z.array(idOf('offering')) }),
    problems: [],
  }),
  saveOffering: endpoint({
    method: 'PUT',
    path: '/me/saved-offerings/:offering_id',
    summary: 'Save an offering; a notice tells when its price or stock changes',
    access: 'saved.write',
    params: oneOffering,
    reply: z.void(),
    problems: ['account.too_many'],
  }),
  removeOffering: endpoint({
    method: 'DELETE',
    path: '/me/saved-offerings/:offering_id',
    summary: 'Take an offering from those you saved',
    access: 'saved.write',
    params: oneOffering,
    reply: z.void(),
    problems: [],
  }),
  listSearches: endpoint({
    method: 'GET',
    path: '/me/saved-searches',
    summary: 'The searches you saved, latest first',
    access: 'saved.read',
    reply: z.object({ items: z.array(savedSearch) }),
    problems: [],
  }),
  saveSearch: endpoint({
    method: 'POST',
    path: '/me/saved-searches',
    summary: 'Save a search; a notice tells of newly listed offerings that it finds',
    access: 'saved.write',
    body: savedSearchInput,
    reply: savedSearch,
    problems: ['query.invalid', 'account.too_many'],
  }),
  changeSearch: endpoint({
    method: 'PUT',
    path: '/me/saved-searches/:saved_search_id',
    summary: 'Change a saved search',
    access: 'saved.write',
    params: oneSearch,
    body: savedSearchInput,
    reply: savedSearch,
    problems: ['query.invalid'],
  }),
  removeSearch: endpoint({
    method: 'DELETE',
    path: '/me/saved-searches/:saved_search_id',
    summary: 'Remove a saved search',
    access: 'saved.write',
    params: oneSearch,
    reply: z.void(),
    problems: [],
  }),
};
