import { hash } from 'node:crypto';
import type * as z from 'zod';
import { canonical } from '@berth/shared/canonical';
import { hourlyOf } from '@berth/shared/price';
import { nextMoves } from '@berth/shared/machine';
import { offeringMachine, offeringMoves } from '@berth/shared/offerings/machine';
import {
  offeringInput,
  type Offering,
  type OfferingInput,
  type ownOfferingView,
} from '@berth/shared/offerings/schemas';
import { termsOf } from '@berth/shared/offerings/terms';
import type { KeptTerms, OfferingRow, OwnRow, ShownRow } from '../db/offering-rows.ts';

export type OwnOffering = z.output<typeof ownOfferingView>;

const fields = Object.keys(offeringInput.shape) as (keyof OfferingInput)[];

/** What a provider wrote, as it was written. */
export function inputOf(row: OfferingRow): OfferingInput {
  const { operating_systems, features, unmetered, ...rest } = row;
  const all = {
    ...rest,
    unmetered: unmetered === 1,
    operating_systems: JSON.parse(operating_systems) as unknown,
    features: JSON.parse(features) as unknown,
  };
  return Object.fromEntries(fields.map((name) => [name, all[name]])) as OfferingInput;
}

/** The columns of what a provider wrote. */
export const columnsOf = (input: OfferingInput) => ({
  ...input,
  unmetered: input.unmetered ? 1 : 0,
  operating_systems: JSON.stringify(input.operating_systems),
  features: JSON.stringify(input.features),
  hourly_e9s: hourlyOf(input),
});

/** What everybody sees who sees the offering. */
export function viewOf(row: ShownRow): Offering {
  const { provider_id: id, provider_key: key, handle, display_name } = row;
  return {
    ...inputOf(row),
    id: row.id,
    provider: { id, handle, display_name, key },
    state: row.state,
    version: row.version,
    terms_hash: row.terms_hash,
    hourly_e9s: row.hourly_e9s,
    auto_accept_hours: row.auto_accept_hours,
    on_chain: row.on_chain === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
    listed_at: row.listed_at,
  };
}

export const factsOf = ({ price_e9s }: Pick<OfferingRow, 'price_e9s'>) => ({
  has_price: price_e9s > 0n,
});

/** The moves its provider may make now, as buttons. */
export const movesOf = (row: OfferingRow): OwnOffering['moves'] =>
  nextMoves(offeringMachine, {
    state: row.state,
    role: 'provider',
    facts: factsOf(row),
  }).flatMap(({ action: next, button }) => {
    const action = offeringMoves.find((one) => one === next);
    return action && button ? [{ action, label: button.label, tone: button.tone }] : [];
  });

export const ownViewOf = (row: OwnRow): OwnOffering => ({
  ...viewOf(row),
  moves: movesOf(row),
  open_contracts: row.open_contracts,
});

/** The row with the hash of its terms, and the terms to keep beside it. */
export function withTerms(row: Omit<OfferingRow, 'terms_hash'>): [OfferingRow, KeptTerms] {
  const terms = termsOf({
    ...inputOf(row as OfferingRow),
    id: row.id,
    provider: { key: row.provider_key },
    price_e9s: row.price_e9s.toString(),
    setup_fee_e9s: row.setup_fee_e9s.toString(),
  });
  const text = canonical(terms);
  const terms_hash = hash('sha256', text);
  const kept = { terms_hash, offering_id: row.id, terms: text, created_at: row.updated_at };
  return [{ ...row, terms_hash }, kept];
}

/** What an entry says of the offering after it, beside its state, and of its stock before. */
export type Said = Pick<OfferingRow, 'stock' | 'terms_hash' | 'visibility'> & {
  stock_before: number | null;
};
