import type { Module } from '../../context.ts';
import { mountImport } from './routes.ts';

export const importing: Module = { name: 'import', routes: mountImport };
