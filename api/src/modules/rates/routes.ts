import type { FastifyInstance } from 'fastify';
import { rates } from '@berth/shared/rates/endpoints';
import { mount } from '../../http/mount.ts';
import { showRates } from './service.ts';

export function mountRates(app: FastifyInstance): void {
  mount(app, rates.show, (ctx) => showRates(ctx));
}
