import type { FastifyInstance } from 'fastify';
import { contracts } from '@berth/shared/contracts/endpoints';
import { mount } from '../../http/mount.ts';
import { getEvidence, viewRecipient } from './service.ts';

export function mountEvidence(app: FastifyInstance): void {
  mount(app, contracts.evidence, (ctx, actor, { params }) =>
    getEvidence(ctx, actor, params.contract_id),
  );
  mount(app, contracts.recipient, (ctx, actor, { params }) =>
    viewRecipient(ctx, actor, params.contract_id),
  );
}
