import { MAX_HOURS, type Rate } from '@berth/shared/price';
import { idFor } from '@berth/shared/ids';
import { lineFrom } from '@berth/shared/icp/words';
import type { Currency } from '@berth/shared/money';
import {
  CITY_MAX,
  MAX_OFFERINGS,
  MAX_STOCK,
  TITLE_MAX,
  type OfferingInput,
} from '@berth/shared/offerings/schemas';
import type { WriteCtx } from '../../context.ts';
import { SYSTEM } from '../../engine/entry.ts';
import type { AccountActor } from '../../lib/actor.ts';
import {
  findAnyOffering,
  insertTerms,
  mapAnyOf,
  insertNew,
  saveMany,
  type Saver,
} from '../catalogue/index.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';
import { findAnyOnChain, listAnyIcpRows, saveIcpRow, type IcpRow } from './repo.ts';
import { findMoves, type Wanted } from '../../offerings/moves.ts';
import { inputOf, withTerms } from '../../offerings/row.ts';

type Provider = Pick<AccountActor, 'acting_for' | 'key'>;

/** An entry with a provider's offerings, whose signature was found to be the provider's. */
export interface IcpPlace {
  block_offset: number;
  block_hash: string;
  entry: number;
}

const STAND_IN_HOURS = 72;
/** The code for a place that is not known (ISO 3166 leaves it to its users). */
const NOWHERE = 'ZZ';

const standIn: OfferingInput = {
  kind: 'compute',
  title: 'Offering on the Internet Computer',
  description: 'Made from a contract on the Internet Computer, whose offering is not known here.',
  gpu_model: null,
  gpu_count: null,
  gpu_memory_gib: null,
  gpu_interconnect: null,
  commitment: null,
  cpu_model: null,
  vcpus: null,
  memory_gib: null,
  disk_kind: null,
  disk_gib: null,
  uplink_mbps: null,
  traffic_tib: null,
  unmetered: false,
  virtualization: null,
  operating_systems: [],
  features: [],
  country: NOWHERE,
  city: '',
  price_e9s: 0n,
  unit: 'hour',
  currency: 'DCT',
  setup_fee_e9s: 0n,
  min_hours: 1,
  max_hours: MAX_HOURS,
  stock: 0,
  visibility: 'private',
  response_hours: STAND_IN_HOURS,
  provisioning_hours: STAND_IN_HOURS,
  reference: null,
};

interface Asked {
  /** The provider's own name for the offering, as the request on the chain has it. */
  reference: string;
  region: string | null;
  rate: Rate;
}

/**
 * Keeps the terms that a contract of the chain stands on: those of its offering, at the rate that
 * the contract itself gives. Where the offering is not known, an archived, private one stands in.
 */
export async function keepIcpTerms(
  ctx: WriteCtx,
  provider: Provider,
  ask: Asked,
  currency: Currency,
): Promise<{ offering_id: string; terms_hash: string; title: string }> {
  const row =
    (await findAnyOnChain(ctx.tx, provider.key, ask.reference)) ??
    (await ensureStandIn(ctx, provider, ask));
  const [, terms] = withTerms({
    ...row,
    ...ask.rate,
    currency,
    provider_key: provider.key,
    min_hours: 1,
    max_hours: MAX_HOURS,
    updated_at: ctx.clock.now(),
  });
  await insertTerms(ctx.tx, [terms]);
  return { offering_id: row.id, terms_hash: terms.terms_hash, title: row.title };
}

async function ensureStandIn(
  ctx: WriteCtx,
  provider: Provider,
  { reference, region }: Asked,
): Promise<OfferingRow> {
  const id = idFor('offering', `stands in ${provider.key} ${reference}`);
  const known = await findAnyOffering(ctx.tx, id);
  if (known !== null) return known;
  const title = lineFrom(`${reference} on the Internet Computer`, TITLE_MAX);
  const input = { ...standIn, title, city: lineFrom(region ?? '', CITY_MAX) };
  return insertOne(ctx, provider, id, { input, state: 'archived' }, 0);
}

async function insertOne(
  ctx: WriteCtx,
  provider: Provider,
  id: string,
  wanted: Wanted,
  on_chain: 0 | 1,
): Promise<OfferingRow> {
  const [row] = await insertNew(ctx, saverFor(ctx, provider), [{ wanted, id, on_chain }], MEMO);
  if (!row) throw new Error(`The offering ${id} was not made`);
  return row;
}

const MEMO = 'From the Internet Computer';

/** The service moves what the chain brings, in the name of its provider. */
const saverFor = ({ serviceKey }: WriteCtx, provider: Provider): Saver => ({
  account_id: SYSTEM,
  key: serviceKey.public_key,
  delegation_id: null,
  role: SYSTEM,
  provider,
});

/** An offering as a file on the chain has it, under the provider's own name for it. */
export interface IcpOffering {
  reference: string;
  input: OfferingInput;
}

/**
 * Makes a provider's offerings on the chain what its newest file there says: those that it leaves
 * out are archived. What the provider has changed here since is left alone. Answers sentences that
 * say what was left out.
 */
export async function importIcpOfferings(
  ctx: WriteCtx,
  provider: Provider,
  place: IcpPlace,
  rows: readonly IcpOffering[],
): Promise<string[]> {
  const own = ownOf(await mapAnyOf(ctx.tx, provider.acting_for));
  const known = await listAnyIcpRows(ctx.tx, provider.key);
  const notes: string[] = [];
  const named = new Set(rows.map(({ reference }) => reference));
  for (const before of known) {
    if (named.has(before.reference)) continue;
    const note = await archive(ctx, provider, own, before, place);
    if (note !== null) notes.push(note);
  }
  const byReference = new Map(known.map((row) => [row.reference, row]));
  for (const row of rows) {
    const note = await takeOne(ctx, provider, own, place, row, byReference.get(row.reference));
    if (note !== null) notes.push(note);
  }
  return notes;
}

/** All offerings of an account, as they are while its file is taken. */
interface Own {
  rows: Map<string, OfferingRow>;
  references: Set<string | null>;
  /** Those that are not archived. */
  living: number;
}

function ownOf(rows: Map<string, OfferingRow>): Own {
  const all = [...rows.values()];
  return {
    rows,
    references: new Set(all.map(({ reference }) => reference)),
    living: all.filter(({ state }) => state !== 'archived').length,
  };
}

function keep(own: Own, row: OfferingRow): void {
  const isLiving = (one: OfferingRow | undefined) => one !== undefined && one.state !== 'archived';
  own.living += Number(isLiving(row)) - Number(isLiving(own.rows.get(row.id)));
  own.rows.set(row.id, row);
  own.references.add(row.reference);
}

const beyond = (reference: string) =>
  `${reference} is beyond the ${MAX_OFFERINGS} offerings of an account`;

const isUntouched = (row: OfferingRow, { terms_hash, state }: IcpRow): boolean =>
  row.terms_hash === terms_hash && row.state === state;

const touched = (reference: string) => `${reference} was changed here since and stays as it is`;

async function archive(
  ctx: WriteCtx,
  provider: Provider,
  own: Own,
  before: IcpRow,
  place: IcpPlace,
): Promise<string | null> {
  const row = own.rows.get(before.offering_id);
  if (row === undefined || row.state === 'archived') return null;
  if (!isUntouched(row, before)) return touched(before.reference);
  keep(own, await writeOver(ctx, provider, row, { input: inputOf(row), state: 'archived' }));
  await saveIcpRow(ctx.tx, { ...before, ...placed(place), state: 'archived' });
  return null;
}

async function takeOne(
  ctx: WriteCtx,
  provider: Provider,
  own: Own,
  place: IcpPlace,
  { reference, input }: IcpOffering,
  before: IcpRow | undefined,
): Promise<string | null> {
  const isWhole = findMoves(null, { input, state: 'listed' }, SYSTEM).ok;
  const state: OfferingRow['state'] = isWhole ? 'listed' : 'draft';
  const row = before && own.rows.get(before.offering_id);
  const written = { provider_key: provider.key, reference, ...placed(place), state };
  if (before !== undefined && row !== undefined) {
    if (!isUntouched(row, before)) return touched(reference);
    if (row.state === 'archived' && own.living >= MAX_OFFERINGS) return beyond(reference);
    // Units that were taken here since stay taken.
    const stock = Math.min(MAX_STOCK, Math.max(0, row.stock + input.stock - before.stock));
    const wanted = { input: { ...input, reference, stock }, state };
    const after = await writeOver(ctx, provider, row, wanted);
    keep(own, after);
    const { terms_hash } = after;
    const { offering_id } = before;
    await saveIcpRow(ctx.tx, { ...written, offering_id, terms_hash, stock: input.stock });
    return null;
  }
  if (own.references.has(reference)) {
    return `${reference} is the name of an offering that was made here`;
  }
  if (own.living >= MAX_OFFERINGS) return beyond(reference);
  const id = idFor('offering', `ledger ${provider.key} ${reference}`);
  const made = await insertOne(ctx, provider, id, { input: { ...input, reference }, state }, 1);
  keep(own, made);
  const { terms_hash } = made;
  await saveIcpRow(ctx.tx, { ...written, offering_id: id, terms_hash, stock: input.stock });
  return null;
}

const placed = ({ block_offset, block_hash, entry }: IcpPlace) => ({
  block_position: block_offset,
  block_hash,
  place: entry,
});

/** Writes an offering over one that this transaction has read. */
async function writeOver(
  ctx: WriteCtx,
  provider: Provider,
  before: OfferingRow,
  wanted: Wanted,
): Promise<OfferingRow> {
  const [row] = await saveMany(ctx, saverFor(ctx, provider), [{ before, wanted }], MEMO);
  if (!row) throw new Error(`The offering ${before.id} was not written`);
  return row;
}
