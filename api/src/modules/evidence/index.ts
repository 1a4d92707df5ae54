import type { Module } from '../../context.ts';
import { mountEvidence } from './routes.ts';

export { contractEvidence } from './service.ts';

export const evidence: Module = {
  name: 'evidence',
  routes: mountEvidence,
};
