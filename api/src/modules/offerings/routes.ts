import type { FastifyInstance } from 'fastify';
import { offerings } from '@berth/shared/offerings/endpoints';
import { mount, mountPrepared } from '../../http/mount.ts';
import { networkOf } from '../../http/rate-limit.ts';
import { applyBulk, listBulk, previewBulk, undoBulk } from './service-bulk.ts';
import { exportOfferings } from './service-export.ts';
import { pageHistory } from './service-history.ts';
import { holdOffering, releaseHold } from './service-hold.ts';
import { importOfferings, prepareImport, previewImport } from './service-import.ts';
import { changeMapping, createMapping, listMappings, removeMapping } from './service-mapping.ts';
import { getStatistics, lookAt } from './service-statistics.ts';
import { suggestInThread } from '../../offerings/reading.ts';
import { prepareRows, saveRows } from './service-rows.ts';
import { removeAutoAccept, setAutoAccept } from './service-rule.ts';
import {
  changeOffering,
  createOffering,
  duplicateOffering,
  getOffering,
  getOwn,
  listOwn,
  moveOffering,
} from './service.ts';

const own = offerings;
const TYPES = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' };

export function mountOfferings(app: FastifyInstance): void {
  mount(app, own.get, (ctx, actor, { params }, { request }) =>
    // What a browser fetches ahead is no visit.
    request.headers['sec-purpose'] === undefined
      ? lookAt(ctx, actor, params.offering_id, networkOf(request.ip))
      : getOffering(ctx, actor, params.offering_id),
  );
  mount(app, own.hold, (ctx, actor, { params, body }) =>
    holdOffering(ctx, actor, params.offering_id, body),
  );
  mount(app, own.releaseHold, (ctx, actor, { params }) => releaseHold(ctx, actor, params));
  mount(app, own.listOwn, (ctx, actor, { query }) => listOwn(ctx, actor, query));
  mount(app, own.getOwn, (ctx, actor, { params }) => getOwn(ctx, actor, params.offering_id));
  mount(app, own.statistics, (ctx, actor, { params }) =>
    getStatistics(ctx, actor, params.offering_id),
  );
  mount(app, own.history, (ctx, actor, { params, query }) =>
    pageHistory(ctx, actor, params.offering_id, query),
  );
  mount(app, own.create, (ctx, actor, { body }) => createOffering(ctx, actor, body));
  mount(app, own.change, (ctx, actor, { params, body }) =>
    changeOffering(ctx, actor, params.offering_id, body),
  );
  mount(app, own.duplicate, (ctx, actor, { params }) =>
    duplicateOffering(ctx, actor, params.offering_id),
  );
  mount(app, own.move, (ctx, actor, { params, body }) =>
    moveOffering(ctx, actor, params.offering_id, body),
  );
  mount(app, own.setAutoAccept, (ctx, actor, { params, body }) =>
    setAutoAccept(ctx, actor, params.offering_id, body),
  );
  mount(app, own.removeAutoAccept, (ctx, actor, { params }) =>
    removeAutoAccept(ctx, actor, params.offering_id),
  );
  mountMany(app);
}

/** What works on many offerings at once: bulk changes, the sheet, files and their mappings. */
function mountMany(app: FastifyInstance): void {
  mount(app, own.previewBulk, (ctx, actor, { body }) => previewBulk(ctx, actor, body));
  mount(app, own.bulk, (ctx, actor, { body }) => applyBulk(ctx, actor, body));
  mount(app, own.listBulk, (ctx, actor) => listBulk(ctx, actor));
  mount(app, own.undoBulk, (ctx, actor, { params }) => undoBulk(ctx, actor, params.change_id));
  mountPrepared(
    app,
    own.saveRows,
    (ctx, actor, { body }) => prepareRows(ctx, actor, body),
    (ctx, actor, { body }, { prepared }) => saveRows(ctx, actor, body, prepared),
  );
  mount(app, own.previewImport, (ctx, actor, { body }) => previewImport(ctx, actor, body));
  mountPrepared(
    app,
    own.import,
    (ctx, actor, { body }) => prepareImport(ctx, actor, body),
    (ctx, actor, _, { prepared }) => importOfferings(ctx, actor, prepared),
  );
  mount(app, own.suggestMapping, (_, __, { body }) => suggestInThread(body));
  mount(app, own.listMappings, (ctx, actor) => listMappings(ctx, actor));
  mount(app, own.createMapping, (ctx, actor, { body }) => createMapping(ctx, actor, body));
  mount(app, own.changeMapping, (ctx, actor, { params, body }) =>
    changeMapping(ctx, actor, params.mapping_id, body),
  );
  mount(app, own.removeMapping, (ctx, actor, { params }) =>
    removeMapping(ctx, actor, params.mapping_id),
  );
  mount(app, own.export, (ctx, actor, { query: { format } }, { reply }) => {
    reply.type(TYPES[format]);
    reply.header('content-disposition', `attachment; filename="berth-offerings.${format}"`);
    return exportOfferings(ctx, actor, format);
  });
}
