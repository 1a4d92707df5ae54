import type { Module } from '../../context.ts';
import { mountContractPages } from './routes.ts';

export const contractPages: Module = {
  name: 'contract-pages',
  routes: mountContractPages,
};
