import type { Module } from '../../context.ts';
import { mountHistory } from './routes.ts';

export const history: Module = { name: 'history', routes: mountHistory };
