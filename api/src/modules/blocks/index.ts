import type { Module } from '../../context.ts';
import { mountBlocks } from './routes.ts';

export { hasAnyBlock } from './repo.ts';

export const blocks: Module = { name: 'blocks', routes: mountBlocks };
