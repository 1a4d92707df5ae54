/** What the search index reads: offerings as everybody may see them, and the news of changes. */
import type { Kysely, SelectQueryBuilder } from 'kysely';
import { MAX_OFFERINGS } from '@berth/shared/offerings/schemas';
import { SEARCH_INDEX } from '../lib/hub.ts';
import type { Topic, Topics } from '../lib/topics.ts';
import { compileForIds, compileOnce, type Slots } from './compiled.ts';
import { signerStands } from './rules.ts';
import type { OfferingsTable, Schema } from './schema.ts';
import { findEventRange, listEventsAfter, STREAMS } from './stream-events.ts';

type Db = Kysely<Schema>;

type FromOfferings = SelectQueryBuilder<Schema & { o: OfferingsTable }, 'o', object>;

/** All that the index has of offerings. */
const withRest = (offerings: FromOfferings) =>
  offerings
    .innerJoin('accounts as a', 'a.id', 'o.provider_id')
    .leftJoin('provider_records as p', 'p.provider_id', 'o.provider_id')
    .leftJoin('auto_accept_rules as r', (join) =>
      join.onRef('r.offering_id', '=', 'o.id').on('r.revoked_at', 'is', null).on(signerStands),
    )
    .select([
      'o.id',
      'o.state',
      'o.visibility',
      'o.kind',
      'o.title',
      'o.description',
      'o.gpu_model',
      'o.gpu_count',
      'o.gpu_memory_gib',
      'o.gpu_interconnect',
      'o.cpu_model',
      'o.vcpus',
      'o.memory_gib',
      'o.disk_kind',
      'o.disk_gib',
      'o.uplink_mbps',
      'o.traffic_tib',
      'o.unmetered',
      'o.virtualization',
      'o.operating_systems',
      'o.features',
      'o.country',
      'o.city',
      'o.price_e9s',
      'o.unit',
      'o.setup_fee_e9s',
      'o.currency',
      'o.min_hours',
      'o.max_hours',
      'o.stock',
      'o.commitment',
      'o.on_chain',
      'o.listed_at',
      'o.provider_id',
      'a.handle',
      'a.display_name',
      'p.renters',
      'p.ended',
      'p.kept',
      'p.median_response_s',
      'r.max_hours as rule_hours',
      'r.expires_at as rule_expires_at',
    ]);

const selectAfter = compileOnce((db, given: Slots<{ after_id: string; limit: number }>) =>
  withRest(db.selectFrom('offerings as o').where('o.id', '>', given.after_id))
    .orderBy('o.id')
    .limit(given.limit),
);

/** Offerings in whatever state by id, from after one on. */
export const listSearchRows = async (db: Db, after_id: string, limit: number) =>
  (await selectAfter(db, { after_id, limit })).rows;

export type StoredSearchRow = Awaited<ReturnType<typeof listSearchRows>>[number];

const selectSome = compileForIds((db, wanted) =>
  withRest(
    db
      .selectFrom(wanted)
      .crossJoin('offerings as o')
      .whereRef('o.id', '=', 'wanted.value') as unknown as FromOfferings,
  ),
);

export const findSearchRows = (db: Db, ids: readonly string[]): Promise<StoredSearchRow[]> =>
  selectSome(db, ids, {});

/** Where news begins that are not yet told, for who reads all offerings from now on. */
export const lastNewsId = async (db: Db): Promise<number> => (await findEventRange(db))?.last ?? 0;

export interface OfferingNewsPage {
  ids: string[];
  /** Whether it reaches to the latest news. */
  last_id: number;
  more: boolean;
}

/**
 * The offerings that changed after a piece of news, and those of providers whose record did: as all
 * are told, in the order of the commits, so that none is missed on whichever process it was.
 */
export async function listOfferingNews(
  db: Db,
  after_id: number,
  limit: number,
): Promise<OfferingNewsPage> {
  const events = await listEventsAfter(db, SEARCH_INDEX, after_id, limit);
  const of = (wanted: string) =>
    events.filter(({ topic }) => topic === wanted).map(({ subject_id }) => subject_id);
  const ids = of('offering');
  for (const provider_id of new Set(of('provider')))
    ids.push(...(await listFound(db, provider_id)));
  return { ids, last_id: events.at(-1)?.id ?? after_id, more: events.length === limit };
}

/** What the index has of one provider, as far as it is read again at once. */
async function listFound(db: Db, provider_id: string): Promise<string[]> {
  const rows = await db
    .selectFrom('offerings')
    .where('provider_id', '=', provider_id)
    .where('state', '=', 'listed')
    .where('visibility', '=', 'public')
    .limit(MAX_OFFERINGS)
    .select('id')
    .execute();
  return rows.map(({ id }) => id);
}

interface UntoldAsk {
  topic: Topic;
  limit: number;
}

/** By whether it has a position: each is a part of an index. */
const selectUntold = [
  compileOnce((db, given: Slots<UntoldAsk>) =>
    db
      .selectFrom('outbox')
      .where('position', 'is', null)
      .where('topic', '=', given.topic)
      .orderBy('id', 'desc')
      .limit(given.limit)
      .select('payload'),
  ),
  compileOnce((db, given: Slots<UntoldAsk>) =>
    db
      .selectFrom('outbox')
      .where('position', '>', (eb) =>
        eb.selectFrom('projections').select('position').where('name', '=', STREAMS),
      )
      .where('topic', '=', given.topic)
      .orderBy('position', 'desc')
      .limit(given.limit)
      .select('payload'),
  ),
];

/** The offerings whose change was committed and is not told to all yet, the latest ones. */
export async function listUntold(db: Db, limit: number): Promise<string[]> {
  const given = { topic: 'offering.changed', limit } as const;
  const found = await Promise.all(selectUntold.map((select) => select(db, given)));
  const payloads = found.flatMap(({ rows }) => rows).map(({ payload }) => payload);
  return payloads.map((payload) => (JSON.parse(payload) as Topics['offering.changed']).offering_id);
}
