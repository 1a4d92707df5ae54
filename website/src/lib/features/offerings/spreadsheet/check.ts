import { counted } from '@berth/shared/count';
import { obstacleTo, writtenStates } from '@berth/shared/offerings/machine';
/** What an import would refuse of a cell, without the validator that would weigh on the page. */
import { MAX_HOURS, units, type Unit } from '@berth/shared/price';
import { refusalOf, refusalOfLines } from '@berth/shared/letters';
import { currencies, MAX_AMOUNT_E9S, type Currency } from '@berth/shared/money';
import { refusePrice } from '@berth/shared/offerings/bounds';
import { emptyOf, readCell } from '@berth/shared/offerings/cells';
import { importColumns } from '@berth/shared/offerings/columns';
import {
  CITY_MAX,
  commitments,
  DESCRIPTION_MAX,
  diskKinds,
  gpuInterconnects,
  MAX_GIB,
  MAX_GPUS,
  MAX_RESPONSE_HOURS,
  MAX_STOCK,
  MAX_TAGS,
  MAX_UPLINK_MBPS,
  MAX_VCPUS,
  MODEL_MAX,
  offeringKinds,
  REFERENCE_MAX,
  TAG_MAX,
  TITLE_MAX,
  virtualizations,
  visibilities,
} from '@berth/shared/offerings/schemas';
import { names, type Cells, type Name } from './columns.ts';

/** A sentence for a value that cannot be; null for one that can. */
type Rule = (value: unknown) => string | null;

/** Characters as a person counts them, and the schemas: one of two code units is one. */
const lengthOf = (text: string): number => [...text].length;

const line =
  (least: number, most: number): Rule =>
  (value) => {
    const text = String(value).trim();
    if (lengthOf(text) < least)
      return least === 1 ? 'Fill this in' : `At least ${counted(least, 'character')}`;
    if (lengthOf(text) > most) return `At most ${counted(most, 'character')}`;
    return refusalOf(text);
  };

const lines =
  (most: number): Rule =>
  (value) => {
    const text = String(value).trim();
    if (lengthOf(text) > most) return `At most ${counted(most, 'character')}`;
    return refusalOfLines(text);
  };

const tags: Rule = (value) => {
  const items = value as readonly string[];
  const wrong = items.map(line(1, TAG_MAX)).find((found) => found !== null);
  return wrong ?? (items.length > MAX_TAGS ? `At most ${MAX_TAGS}` : null);
};

const oneOf =
  (allowed: readonly string[]): Rule =>
  (value) =>
    allowed.includes(String(value)) ? null : `One of ${allowed.join(', ')}`;

const whole =
  (least: number, most: number): Rule =>
  (value) => {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) return 'A whole number';
    if (number < least) return `At least ${least}`;
    return number > most ? `At most ${most.toLocaleString('en')}` : null;
  };

const size: Rule = (value) => {
  const number = Number(value);
  if (!Number.isFinite(number)) return 'A number';
  if (number <= 0) return 'More than zero';
  return number > MAX_GIB ? 'That is more than we take' : null;
};

const amount: Rule = (value) =>
  BigInt(String(value)) > MAX_AMOUNT_E9S ? 'That is more than we take' : null;

const fine: Rule = () => null;

const rules: Record<Name, Rule> = {
  reference: line(1, REFERENCE_MAX),
  state: oneOf(writtenStates),
  kind: oneOf(offeringKinds),
  title: line(3, TITLE_MAX),
  description: lines(DESCRIPTION_MAX),
  gpu_model: line(1, MODEL_MAX),
  gpu_count: whole(1, MAX_GPUS),
  gpu_memory_gib: size,
  cpu_model: line(1, MODEL_MAX),
  vcpus: whole(1, MAX_VCPUS),
  memory_gib: size,
  disk_kind: oneOf(diskKinds),
  disk_gib: size,
  uplink_mbps: whole(1, MAX_UPLINK_MBPS),
  traffic_tib: size,
  unmetered: fine,
  virtualization: oneOf(virtualizations),
  operating_systems: tags,
  features: tags,
  gpu_interconnect: oneOf(gpuInterconnects),
  commitment: oneOf(commitments),
  country: fine,
  city: line(0, CITY_MAX),
  price: amount,
  unit: oneOf(units),
  currency: oneOf(currencies),
  setup_fee: amount,
  min_hours: whole(1, MAX_HOURS),
  max_hours: whole(1, MAX_HOURS),
  response_hours: whole(1, MAX_RESPONSE_HOURS),
  provisioning_hours: whole(1, MAX_RESPONSE_HOURS),
  stock: whole(0, MAX_STOCK),
  visibility: oneOf(visibilities),
};

/** Empty cells of a new row become what they start with; of an offering there is no such start. */
const mayBeEmpty = (name: Name, is_new: boolean): boolean =>
  emptyOf(name) !== undefined || (is_new && importColumns[name].starts !== undefined);

/** Why a cell's value is refused; null when it is not. */
export function cellError(name: Name, text: string, is_new: boolean): string | null {
  if (text.trim() === '') return mayBeEmpty(name, is_new) ? null : 'Fill this in';
  const read = readCell(name, text, { is_own: true });
  if (read === null || ('value' in read && read.value === null)) return null;
  return 'refused' in read ? read.refused : rules[name](read.value);
}

const rateOf = (valueOf: (name: Name) => unknown) => ({
  price_e9s: BigInt(String(valueOf('price'))),
  unit: valueOf('unit') as Unit,
  setup_fee_e9s: BigInt(String(valueOf('setup_fee'))),
  currency: valueOf('currency') as Currency,
  max_hours: Number(valueOf('max_hours')),
});

export type RowErrors = Partial<Record<Name, string>>;

/** Why a row cannot be saved so, by column. */
export function rowErrors(cells: Cells, is_new: boolean): RowErrors {
  const errors: RowErrors = {};
  for (const name of names) {
    const error = cellError(name, cells[name], is_new);
    if (error !== null) errors[name] = error;
  }
  const valueOf = (name: Name): unknown => {
    const text = cells[name].trim() === '' ? (importColumns[name].starts ?? '') : cells[name];
    const read = readCell(name, text, { is_own: true });
    return read && 'value' in read ? read.value : undefined;
  };
  const refuse = (name: Name, message: string) => {
    errors[name] ??= message;
  };
  if (Number(valueOf('max_hours')) < Number(valueOf('min_hours'))) {
    refuse('max_hours', 'Not less than the least hours');
  }
  if (valueOf('kind') === 'gpu' && cells.gpu_model.trim() === '') {
    refuse('gpu_model', 'Say which GPU it is');
  }
  const dear = Object.keys(errors).length === 0 ? refusePrice(rateOf(valueOf)) : null;
  if (dear !== null) refuse('price', dear);
  const wanted = writtenStates.find((state) => state === valueOf('state'));
  const obstacle = wanted && obstacleTo(wanted, { has_price: valueOf('price') !== '0' });
  if (obstacle) refuse('price', obstacle);
  return errors;
}
