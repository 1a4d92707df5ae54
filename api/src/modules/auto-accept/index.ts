import type { Module } from '../../context.ts';
import { mountAutoAccept } from './routes.ts';

export const autoAccept: Module = { name: 'auto-accept', routes: mountAutoAccept };
