import * as z from 'zod';
import { makeId } from '@berth/shared/ids';
import { decide } from '@berth/shared/machine';
import { changedBy, MAX_AMOUNT_E9S } from '@berth/shared/money';
import {
  bulkValues,
  MAX_BULK,
  MAX_LISTED_CHANGES,
  UNDO_HOURS,
  type bulkInput,
  type bulkListReply,
  type BulkListReply,
  type bulkPreview,
  type bulkPreviewInput,
  type bulkReply,
  type BulkChange,
  type BulkValues,
  type undoReply,
} from '@berth/shared/offerings/bulk';
import { refusePrice } from '@berth/shared/offerings/bounds';
import { unitWords } from '@berth/shared/offerings/catalogue';
import { offeringMachine } from '@berth/shared/offerings/machine';
import { MAX_OFFERINGS, MAX_STOCK, type OfferingInput } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { addHours } from '@berth/shared/time';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { mapInTurns } from '../../lib/turns.ts';
import { listAllOwn, listOwnMatching, saveMany, saverOf } from '../catalogue/index.ts';
import { lockAccount } from '../../db/accounts.ts';
import type { OfferingRow } from '../../db/offering-rows.ts';
import { insertBulkChange, listChanges, takeBulkChange } from './repo.ts';
import { findObstacle, type Wanted } from '../../offerings/moves.ts';
import { requireSame, TOO_MANY } from '../../offerings/versions.ts';
import { factsOf, inputOf } from '../../offerings/row.ts';

/** What a change would make of one offering; an error refuses the whole change. */
interface Step {
  row: OfferingRow;
  before: BulkValues;
  after: BulkValues | null;
  error: string | null;
}

type Field = keyof BulkValues;
type Outcome = { values: Partial<BulkValues> } | { error: string };

const BASIS_POINTS_PER_PERCENT = 100;
const PRICE: Field[] = ['price_e9s', 'unit', 'currency'];

/** What each change touches: an undo puts these back where they still say what it made of them. */
const touched: Record<BulkChange['type'], readonly Field[]> = {
  price_percent: PRICE,
  price_amount: PRICE,
  stock_set: ['stock'],
  stock_add: ['stock'],
  move: ['state'],
};
const fieldWords: Record<Field, BulkListReply['items'][number]['what']> = {
  price_e9s: 'price',
  unit: 'price',
  currency: 'price',
  stock: 'stock',
  state: 'state',
};

/** What a change would do, offering by offering; changes nothing. */
export async function previewBulk(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  { which, change }: z.output<typeof bulkPreviewInput>,
): Promise<z.output<typeof bulkPreview>> {
  const own = await listAllOwn(db, actor);
  const rows =
    'filter' in which
      ? await listOwnMatching(db, actor, which.filter, MAX_BULK + 1)
      : pick(own, which.offering_ids);
  if (rows.length > MAX_BULK) {
    const message = `Narrow it to ${MAX_BULK.toLocaleString('en')} offerings or fewer`;
    throw problem('request.invalid', message, { errors: [{ pointer: '/which', message }] });
  }
  const steps = await planSteps(rows, change, own);
  const refused = steps.filter(({ error }) => error !== null).length;
  const changed = steps.filter(isChange).length;
  return {
    rows: steps.map(({ row, before, after, error }) => ({
      offering_id: row.id,
      title: row.title,
      version: row.version,
      before,
      after,
      error,
    })),
    changed,
    unchanged: steps.length - changed - refused,
    refused,
  };
}

/**
 * Changes all of them, or none. Throws `offering.moved` that names which were changed since they
 * were seen, and `offering.refused` with the sentences of a preview.
 */
export async function applyBulk(
  ctx: WriteCtx,
  actor: AccountActor,
  { offerings, change }: z.output<typeof bulkInput>,
): Promise<z.output<typeof bulkReply>> {
  const { tx, clock } = ctx;
  await lockAccount(tx, actor);
  const own = await listAllOwn(tx, actor);
  requireSame(own, offerings);
  const ids = offerings.map(({ offering_id }) => offering_id);
  const steps = await planSteps(pick(own, ids), change, own);
  const refused = steps.filter(({ error }) => error !== null);
  if (refused.length > 0) {
    const errors = refused.map(({ row, error }) => ({
      pointer: `/offerings/${ids.indexOf(row.id)}`,
      message: error ?? '',
    }));
    const detail = `${refused.length} of ${steps.length} cannot be changed like this.`;
    throw problem('offering.refused', detail, { errors });
  }
  const changes = steps.filter(isChange);
  await saveMany(
    ctx,
    saverOf(actor),
    await mapInTurns(changes, ({ row, after }) => ({ before: row, wanted: wantedOf(row, after) })),
    'With others, in one change',
  );
  const created_at = clock.now();
  const change_id = makeId('bulk_change');
  const entries = changes.map(({ row, before, after }) => ({ offering_id: row.id, before, after }));
  await insertBulkChange(tx, {
    id: change_id,
    provider_id: actor.acting_for,
    changed: JSON.stringify(z.encode(keptChange, { fields: [...touched[change.type]], entries })),
    created_at,
    undone_at: null,
  });
  return {
    change_id,
    changed: changes.length,
    unchanged: steps.length - changes.length,
    undo_until: addHours(created_at, UNDO_HOURS),
  };
}

/** What can be undone still, and what was; latest first. */
export async function listBulk(
  { db, clock }: Pick<ReadCtx, 'db' | 'clock'>,
  actor: AccountActor,
): Promise<z.output<typeof bulkListReply>> {
  const since = addHours(clock.now(), -UNDO_HOURS);
  const kept = await listChanges(db, actor, since, MAX_LISTED_CHANGES);
  const items = kept.map(({ id, changed, created_at, undone_at }) => {
    // Of thousands of entries only their number is told.
    const { fields, entries } = JSON.parse(changed) as z.input<typeof keptChange>;
    return {
      change_id: id,
      what: fields[0] ? fieldWords[fields[0]] : fieldWords.state,
      changed: entries.length,
      created_at,
      undo_until: addHours(created_at, UNDO_HOURS),
      undone_at,
    };
  });
  return { items };
}

/** Puts back what the change made, where nobody changed it since; tells what stays and why. */
export async function undoBulk(
  ctx: WriteCtx,
  actor: AccountActor,
  change_id: string,
): Promise<z.output<typeof undoReply>> {
  const { tx, clock } = ctx;
  await lockAccount(tx, actor);
  const now = clock.now();
  const since = addHours(now, -UNDO_HOURS);
  const kept = await takeBulkChange(tx, actor, change_id, { since, now });
  if (!kept) throw problem('request.not_found');
  const { fields, entries } = keptChange.parse(JSON.parse(kept.changed));
  const own = await listAllOwn(tx, actor);
  const byId = new Map(own.map((row) => [row.id, row]));
  let left = MAX_OFFERINGS - countKept(own);
  const found = await mapInTurns(entries, ({ offering_id, before, after }) => {
    const row = byId.get(offering_id);
    if (!row) return null;
    const present = valuesOf(row);
    const back = Object.fromEntries(fields.map((field) => [field, before[field]]));
    const wanted = wantedOf(row, { ...present, ...back });
    const moved = fields.find((field) => present[field] !== after[field]);
    const takes = row.state === 'archived' && wanted.state !== 'archived' ? 1 : 0;
    const why = moved
      ? `Its ${fieldWords[moved]} was changed since.`
      : takes > Math.max(0, left)
        ? TOO_MANY
        : ((fields.includes('price_e9s') ? refuseDear(wanted.input) : null) ??
          findObstacle(row, wanted));
    if (why === null) left -= takes;
    return { row, wanted, why };
  });
  const steps = found.filter((step) => step !== null);
  const changes = steps.filter(({ why }) => why === null);
  await saveMany(
    ctx,
    saverOf(actor),
    changes.map(({ row, wanted }) => ({ before: row, wanted })),
    'A change of many was undone',
  );
  return {
    rows: steps.map(({ row, why }) => ({ offering_id: row.id, title: row.title, kept: why })),
    put_back: changes.length,
  };
}

/** As `bulk_changes` keeps it. */
const keptChange = z.object({
  fields: z.array(bulkValues.keyof()),
  entries: z.array(z.object({ offering_id: z.string(), before: bulkValues, after: bulkValues })),
});

const countKept = (own: readonly OfferingRow[]): number =>
  own.filter(({ state }) => state !== 'archived').length;

/** One's own offerings of these ids, each once; `request.not_found` for one that is not there. */
function pick(own: readonly OfferingRow[], ids: readonly string[]): OfferingRow[] {
  const byId = new Map(own.map((row) => [row.id, row]));
  return [...new Set(ids)].map((id) => {
    const row = byId.get(id);
    if (!row) throw problem('request.not_found');
    return row;
  });
}

const isChange = (step: Step): step is Step & { after: BulkValues } =>
  step.after !== null &&
  Object.entries(step.after).some(([field, value]) => step.before[field as Field] !== value);

function planSteps(
  rows: readonly OfferingRow[],
  change: BulkChange,
  own: readonly OfferingRow[],
): Promise<Step[]> {
  let kept = countKept(own);
  return mapInTurns(rows, (row) => {
    const before = valuesOf(row);
    const found = outcomeOf(row, change);
    if ('error' in found) return { row, before, after: null, error: found.error };
    const after = { ...before, ...found.values };
    const takes = before.state === 'archived' && after.state !== 'archived';
    if (takes) kept += 1;
    const error =
      takes && kept > MAX_OFFERINGS ? TOO_MANY : findObstacle(row, wantedOf(row, after));
    return { row, before, after: error === null ? after : null, error };
  });
}

/** What the database keeps as text, of one's own making. */
type Priced = Pick<OfferingInput, 'unit' | 'currency'>;

const valuesOf = (row: OfferingRow): BulkValues => {
  const { price_e9s, unit, currency, stock, state } = row as OfferingRow & Priced;
  return { price_e9s, unit, currency, stock, state };
};

const wantedOf = (row: OfferingRow, { state, ...values }: BulkValues): Wanted => ({
  input: { ...inputOf(row), ...values },
  state,
});

function outcomeOf(row: OfferingRow, change: BulkChange): Outcome {
  const { price_e9s, unit, currency, stock } = valuesOf(row);
  switch (change.type) {
    case 'price_percent': {
      const basis_points = BigInt(Math.round(change.percent * BASIS_POINTS_PER_PERCENT));
      return withPrice(row, changedBy(price_e9s, basis_points));
    }
    case 'price_amount':
      return change.unit === unit && change.currency === currency
        ? withPrice(row, change.price_e9s)
        : { error: `Its price is in ${currency} ${unitWords[unit].per}.` };
    case 'stock_set':
      return { values: { stock: change.stock } };
    case 'stock_add':
      return withStock(stock, change.by);
    case 'move':
      return moveOutcome(row, change.action);
  }
}

function withPrice(row: OfferingRow, price_e9s: bigint): Outcome {
  if (price_e9s > MAX_AMOUNT_E9S) return { error: 'The price would be more than we take.' };
  const error = refuseDear({ ...inputOf(row), price_e9s });
  return error === null ? { values: { price_e9s } } : { error };
}

function refuseDear(input: OfferingInput): string | null {
  const dear = refusePrice(input);
  return dear === null ? null : `${dear}.`;
}

function withStock(stock: number, by: number): Outcome {
  const sum = stock + by;
  if (sum < 0) return { error: `It has ${stock} in stock.` };
  if (sum > MAX_STOCK) return { error: `The stock is at most ${MAX_STOCK.toLocaleString('en')}.` };
  return { values: { stock: sum } };
}

/** What is there already stays: of a hundred offerings some may be paused. */
function moveOutcome(
  row: OfferingRow,
  action: Extract<BulkChange, { type: 'move' }>['action'],
): Outcome {
  const there = offeringMachine.moves.some(
    (move) => move.action === action && move.to === row.state,
  );
  if (there) return { values: {} };
  const facts = factsOf(row);
  const decision = decide(offeringMachine, { state: row.state, action, role: 'provider', facts });
  return decision.ok ? { values: { state: decision.to } } : { error: decision.sentence };
}
