import type { FastifyInstance } from 'fastify';
import { contracts } from '@berth/shared/contracts/endpoints';
import { mountPrepared } from '../../http/mount.ts';
import { checkSignature } from '../contract-moves/index.ts';
import { requestContract } from './service.ts';

export function mountRequests(app: FastifyInstance): void {
  mountPrepared(
    app,
    contracts.request,
    (_, actor, { body }) => checkSignature(actor, body),
    (ctx, actor, { body }, { prepared }) => requestContract(ctx, actor, body, prepared),
  );
}
