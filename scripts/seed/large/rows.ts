/** The rows of the tables, as the services write them. */
import { hash } from 'node:crypto';
import { canonical } from '@berth/shared/canonical';
import { hourlyOf } from '@berth/shared/price';
import { termsSchema, type OfferingInput } from '@berth/shared/offerings/schemas';
import type { KeyEvent } from '@berth/shared/signing/key-events';
import { DAY_MS, isoAt } from '@berth/shared/time';
import type {
  AccountKeyEventsTable,
  AccountKeysTable,
  OfferingsTable,
  OfferingTermsTable,
} from '../../../api/src/db/schema.ts';
import { weighted, type Draw } from './draw.ts';
import type { Provider } from './provider.ts';

/** How long before the present the first was listed. */
const BEGAN_DAYS = 400;
const ON_CHAIN = 0.02;

const pickState = weighted([
  ['listed', 980],
  ['paused', 9],
  ['draft', 6],
  ['archived', 5],
]);

const termNames = Object.keys(termsSchema.shape).sort();
/** Terms leave these out where nothing is said. */
const LATER: ReadonlySet<string> = new Set(['gpu_interconnect', 'commitment']);

/** The canonical JSON of terms: a million would take minutes through their schema. */
function termsText(input: OfferingInput, offering_id: string, provider_key: string): string {
  const fields: Record<string, unknown> = {
    ...input,
    offering_id,
    provider_key,
    price_e9s: input.price_e9s.toString(),
    setup_fee_e9s: input.setup_fee_e9s.toString(),
  };
  const said = termNames.filter((name) => fields[name] !== null || !LATER.has(name));
  return `{${said.map((name) => `"${name}":${JSON.stringify(fields[name])}`).join(',')}}`;
}

export const accountRows = (provider: Provider, now_ms: number) => {
  const at = isoAt(now_ms - (BEGAN_DAYS + 1) * DAY_MS);
  const { id, handle, display_name, key, encryption_key, encryption_signature } = provider;
  const account = {
    ...{ id, handle, display_name, encryption_key },
    ...{ encryption_signed_by: key, created_at: at, updated_at: at },
  };
  const accountKey: AccountKeysTable = {
    key,
    account_id: id,
    label: 'First key',
    linked_by: null,
    added_at: at,
    removed_at: null,
  };
  const signed: KeyEvent = {
    kind: 'first_encryption_key',
    account_id: id,
    by: key,
    said: { encryption_key },
    signature: encryption_signature,
  };
  const keyEvent: AccountKeyEventsTable = {
    ...{ account_id: id, seq: 1, kind: signed.kind, subject: key },
    ...{ event: canonical(signed), taken_at: at },
  };
  return { account, accountKey, keyEvent };
};

export function offeringRows(
  draw: Draw,
  provider: Provider,
  input: OfferingInput,
  now_ms: number,
): { offering: OfferingsTable; terms: OfferingTermsTable } {
  const id = draw.id('offering');
  const text = termsText(input, id, provider.key);
  const terms_hash = hash('sha256', text);
  const age_ms = Math.floor(draw.next() * BEGAN_DAYS * DAY_MS);
  const created_at = isoAt(now_ms - age_ms);
  const updated_at = isoAt(now_ms - Math.floor(draw.next() * age_ms));
  const state = pickState(draw);
  return {
    offering: {
      ...input,
      id,
      provider_id: provider.id,
      provider_key: provider.key,
      state,
      version: 1 + draw.below(6),
      terms_hash,
      unmetered: input.unmetered ? 1 : 0,
      operating_systems: JSON.stringify(input.operating_systems),
      features: JSON.stringify(input.features),
      hourly_e9s: hourlyOf(input),
      on_chain: draw.chance(ON_CHAIN) ? 1 : 0,
      created_at,
      updated_at,
      listed_at: state === 'draft' ? null : created_at,
      log_length: 0,
      head_hash: null,
    },
    terms: { terms_hash, offering_id: id, terms: text, created_at: updated_at },
  };
}
