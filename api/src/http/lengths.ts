import type { FieldError } from '@berth/shared/problems';
import type * as z from 'zod';

/** Names that an object with free ones may have. */
const MAX_NAMES = 1_000;

type Check = (value: unknown, pointer: string) => FieldError | null;
/** As zod describes its schemas to tools. */
type Def = z.core.$ZodTypes['_zod']['def'];

/**
 * Finds the first list with more items than its schema takes, before any item is looked at: a
 * schema reads all of a list before it counts. Throws at the start for a list without a bound.
 */
export function checkLengths(schema: z.ZodType | undefined): Check {
  return (schema && checkOf(schema)) ?? fits;
}

const fits: Check = () => null;

function checkOf(schema: z.core.$ZodType): Check | null {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      return insideOf(def.shape);
    case 'array':
      return listOf(def);
    case 'record':
      return namesOf(checkOf(def.valueType));
    case 'union':
      return allOf(def.options.map(checkOf));
    case 'pipe':
      return allOf([checkOf(def.in), checkOf(def.out)]);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return checkOf(def.innerType);
    default:
      return null;
  }
}

function allOf(checks: readonly (Check | null)[]): Check | null {
  const some = checks.filter((check) => check !== null);
  if (some.length === 0) return null;
  return (value, pointer) => firstOf(some, (check) => check(value, pointer));
}

function insideOf(shape: Readonly<Record<string, z.core.$ZodType>>): Check | null {
  const fields = Object.entries(shape).flatMap(([name, schema]) => {
    const check = checkOf(schema);
    return check === null ? [] : [{ name, check }];
  });
  if (fields.length === 0) return null;
  return (value, pointer) =>
    isRecord(value)
      ? firstOf(fields, ({ name, check }) => check(value[name], `${pointer}/${name}`))
      : null;
}

function listOf(def: Extract<Def, { type: 'array' }>): Check {
  const most = def.checks
    ?.map(({ _zod }): { check: string; maximum?: number } => _zod.def)
    .find(({ check }) => check === 'max_length')?.maximum;
  if (most === undefined) throw new Error('A list that is asked for needs a greatest length');
  const inside = checkOf(def.element);
  return (value, pointer) => {
    if (!Array.isArray(value)) return null;
    if (value.length > most) {
      return { pointer, message: `At most ${most.toLocaleString('en')} at a time` };
    }
    return inside && firstOf([...value.keys()], (at) => inside(value[at], `${pointer}/${at}`));
  };
}

function namesOf(inside: Check | null): Check {
  return (value, pointer) => {
    if (!isRecord(value)) return null;
    const names = Object.keys(value);
    if (names.length > MAX_NAMES) {
      return { pointer, message: `At most ${MAX_NAMES.toLocaleString('en')} names` };
    }
    return inside && firstOf(names, (name) => inside(value[name], `${pointer}/${name}`));
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function firstOf<T>(items: readonly T[], check: (item: T) => FieldError | null): FieldError | null {
  for (const item of items) {
    const found = check(item);
    if (found !== null) return found;
  }
  return null;
}
