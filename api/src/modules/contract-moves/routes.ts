import type { FastifyInstance } from 'fastify';
import { contracts } from '@berth/shared/contracts/endpoints';
import { mountPrepared } from '../../http/mount.ts';
import { checkSignature, moveContract } from './service.ts';

export function mountContractMoves(app: FastifyInstance): void {
  mountPrepared(
    app,
    contracts.move,
    (_, actor, { body }) => checkSignature(actor, body),
    (ctx, actor, { params, body }, { prepared }) =>
      moveContract(ctx, actor, params.contract_id, body, prepared),
  );
}
