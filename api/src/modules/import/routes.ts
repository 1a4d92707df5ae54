import type { FastifyInstance } from 'fastify';
import { offerings } from '@berth/shared/offerings/endpoints';
import { mount, mountPrepared } from '../../http/mount.ts';
import { suggestInThread } from '../../offerings/reading.ts';
import {
  changeMapping,
  createMapping,
  exportOfferings,
  importOfferings,
  listMappings,
  prepareImport,
  prepareRows,
  previewImport,
  removeMapping,
  saveRows,
} from './service.ts';

const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' };

export function mountImport(app: FastifyInstance): void {
  mountPrepared(
    app,
    offerings.saveRows,
    (ctx, actor, { body }) => prepareRows(ctx, actor, body),
    (ctx, actor, { body }, { prepared }) => saveRows(ctx, actor, body, prepared),
  );
  mount(app, offerings.previewImport, (ctx, actor, { body }) => previewImport(ctx, actor, body));
  mountPrepared(
    app,
    offerings.import,
    (ctx, actor, { body }) => prepareImport(ctx, actor, body),
    (ctx, actor, _, { prepared }) => importOfferings(ctx, actor, prepared),
  );
  mount(app, offerings.suggestMapping, (_, actor, { body }) => suggestInThread(actor, body));
  mount(app, offerings.listMappings, (ctx, actor) => listMappings(ctx, actor));
  mount(app, offerings.createMapping, (ctx, actor, { body }) => createMapping(ctx, actor, body));
  mount(app, offerings.changeMapping, (ctx, actor, { params, body }) =>
    changeMapping(ctx, actor, params.mapping_id, body),
  );
  mount(app, offerings.removeMapping, (ctx, actor, { params }) =>
    removeMapping(ctx, actor, params.mapping_id),
  );
  mount(app, offerings.export, (ctx, actor, { query: { format } }, { reply }) => {
    reply.type(TYPES[format]);
    reply.header('content-disposition', `attachment; filename="berth-offerings.${format}"`);
    return exportOfferings(ctx, actor, format);
  });
}
