/** Who offers: a few with full shelves, many with little. */
import { MAX_OFFERINGS, type OfferingInput } from '@berth/shared/offerings/schemas';
import { encryptionKeyText } from '@berth/shared/signing/keys';
import { makePerson } from '../../../api/test/people.ts';
import { weighted, type Draw } from './draw.ts';
import { pickPlace, type Place } from './places.ts';
import { firmName } from './words.ts';

export interface Provider {
  id: string;
  handle: string;
  display_name: string;
  key: string;
  encryption_key: string;
  encryption_signature: string;
  currency: OfferingInput['currency'];
  /** How dear it is, around 1. */
  level: number;
  places: Place[];
  response_hours: number;
  provisioning_hours: number;
  offerings: number;
}

const MEAN_SHELF = 500;
const LEAST_PROVIDERS = 12;

const pickCurrency = weighted<OfferingInput['currency']>([
  ['USD', 78],
  ['EUR', 13],
  ['GBP', 3],
  ['CHF', 1.5],
  ['ICP', 2],
  ['DCT', 2.5],
]);
const pickResponse = weighted([
  [1, 10],
  [4, 20],
  [12, 15],
  [24, 45],
  [48, 10],
]);

/** The person who holds a seeded provider’s keys: always the same. */
const personOf = (at: number) => makePerson(`seeded provider ${at}`);

/** How many offerings each provider has: the nth 1/n of the first, and none more than it may. */
export function shelves(offerings: number): number[] {
  const providers = Math.max(LEAST_PROVIDERS, Math.ceil(offerings / MEAN_SHELF));
  const sizes = (first: number) =>
    Array.from({ length: providers }, (_, at) =>
      Math.min(MAX_OFFERINGS, Math.round(first / (at + 1))),
    );
  const sum = (all: readonly number[]) => all.reduce((total, size) => total + size, 0);
  let [low, high] = [0, providers * MAX_OFFERINGS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (sum(sizes(middle)) < offerings) low = middle;
    else high = middle;
  }
  const found = sizes(high);
  let over = sum(found) - offerings;
  // Rounding leaves a few too many: the smallest shelves give them up first.
  for (let at = providers - 1; over > 0; at -= 1) {
    const taken = Math.min(over, found[at] ?? 0);
    found[at] = (found[at] ?? 0) - taken;
    over -= taken;
  }
  return found;
}

export function makeProvider(draw: Draw, at: number, offerings: number): Provider {
  const person = personOf(at);
  return {
    id: draw.id('account'),
    ...firmName(draw, at),
    key: person.account_key.public_key,
    encryption_key: person.encryption_key,
    encryption_signature: person.account_key.sign(encryptionKeyText(person.encryption_key)),
    currency: pickCurrency(draw),
    level: draw.spread(0.15),
    places: Array.from({ length: 1 + draw.below(4) }, () => pickPlace(draw)),
    response_hours: pickResponse(draw),
    provisioning_hours: pickResponse(draw),
    offerings,
  };
}
