import type { Module } from '../../context.ts';
import { mountMailPages } from './routes.ts';

export const mailPages: Module = { name: 'mail-pages', routes: mountMailPages };
