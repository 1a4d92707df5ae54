import type { Module } from '../../context.ts';
import { mountAdmin } from './routes.ts';

export { listAdmins, logAct, setAdmin } from './service.ts';

export const admin: Module = { name: 'admin', routes: mountAdmin };
