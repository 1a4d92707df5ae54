import type * as z from 'zod';
import { idPattern } from '@berth/shared/ids';
import { modelsOf } from '@berth/shared/market/hardware';
import { valuesOf } from '@berth/shared/market/rank';
import {
  HISTORY_DAYS,
  MAX_HISTORY_POINTS,
  MAX_SIMILAR,
  SEARCH_HOURS,
  type compareReply,
  type positionReply,
} from '@berth/shared/market/schemas';
import { E9, type Currency } from '@berth/shared/money';
import type { Offering } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { DAY_MS, isoAt } from '@berth/shared/time';
import type { Actor } from '../../lib/actor.ts';
import { listViews } from '../catalogue/index.ts';
import { listPublicPoints } from './repo.ts';
import { listPublicRecords, type RecordRow } from './repo-record.ts';
import { fitsHours, itemsOf, priceFor, type Reads } from './service-view.ts';

/** Some offerings side by side, in the order asked for; those that may not be seen are gone. */
export async function compareOfferings(
  ctx: Reads,
  actor: Actor,
  { id, hours = SEARCH_HOURS }: { id: readonly string[]; hours?: number | undefined },
): Promise<z.output<typeof compareReply>> {
  const asked = [...new Set(id)];
  const real = asked.filter((one) => idPattern('offering').test(one));
  const views = await listViews(ctx, actor, real);
  const shown = new Map(views.map((one) => [one.id, one]));
  const records = await listPublicRecords(
    ctx.db,
    views.map(({ provider }) => provider.id),
  );
  const offerings = asked.flatMap((one) => shown.get(one) ?? []);
  const items = offerings.map((offering) => ({
    ...offering,
    price: priceFor(offering, hours, offerings[0]?.currency ?? offering.currency),
    fits_hours: fitsHours(offering, hours),
    values: weighed(offering, hours, records.get(offering.provider.id)),
  }));
  return { hours, items, gone: asked.filter((one) => !shown.has(one)) };
}

/** What the ranking weighs of one offering, as the explanation of a search shows it. */
function weighed(offering: Offering, hours: number, record: RecordRow | undefined) {
  const { total_e9s } = priceFor(offering, hours, offering.currency);
  const { renters, ended, kept, median_response_s } = record ?? noRecord;
  const facts = { ...offering, total_e9s, hours, renters, ended, kept, median_response_s };
  const [, throughput = null, memory = null, , , reliability = null] = valuesOf({
    ...facts,
    has_gpu: offering.gpu_model !== null,
    gpu_tflops: tflopsOfOne(offering),
  });
  return {
    price: Number(total_e9s) / Number(E9),
    throughput,
    memory,
    reputation: renters,
    response: median_response_s,
    reliability,
  };
}

const noRecord = { renters: 0, ended: 0, kept: 0, median_response_s: null };

/** As the ranking reads it: the memory tells models of one name apart. */
function tflopsOfOne({ gpu_model, gpu_memory_gib }: Offering): number | null {
  if (gpu_model === null) return null;
  const said = gpu_memory_gib === null ? gpu_model : `${gpu_model} ${gpu_memory_gib}GB`;
  return modelsOf(said)[0]?.fp16_tflops ?? null;
}

/** Where an offering stands in the market. Throws `request.not_found` for who may not see it. */
export async function positionOf(
  ctx: Reads,
  actor: Actor,
  id: string,
  ask: { hours?: number | undefined },
): Promise<z.output<typeof positionReply>> {
  const [offering] = await listViews(ctx, actor, [id]);
  if (!offering) throw problem('request.not_found');
  const { currency, min_hours, max_hours } = offering;
  const hours = ask.hours ?? Math.min(Math.max(SEARCH_HOURS, min_hours), max_hours);
  const [found, history] = await Promise.all([
    ctx.search.position({ offering_id: id, hours, similar: MAX_SIMILAR }),
    historyOf(ctx, id, hours, currency),
  ]);
  const similar = (found?.similar ?? []).map((one) => ({ id: one, ranking: null }));
  return {
    hours,
    currency,
    price: priceFor(offering, hours, currency),
    position: found?.position ?? null,
    history,
    similar: await itemsOf(ctx, similar, { hours, currency }),
  };
}

async function historyOf({ db, clock }: Reads, id: string, hours: number, compared: Currency) {
  const since = isoAt(clock.nowMs() - HISTORY_DAYS * DAY_MS);
  const points = await listPublicPoints(db, id, since, MAX_HISTORY_POINTS);
  return points.map(({ at, available, ...rate }) => ({
    at,
    price: priceFor(rate, hours, compared),
    currency: rate.currency,
    available: available === 1,
  }));
}
