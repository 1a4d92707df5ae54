import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { privateParts } from '@berth/shared/contracts/schemas';
import { statementData } from '@berth/shared/contracts/statement-data';
import { allEndpoints } from '@berth/shared/endpoints';

/** Texts that may hold anything, each because something else reads it. */
const readElsewhere: readonly RegExp[] = [
  // A provider's own file and its names: what an import makes of them are an offering's fields.
  /^offerings\.\w*([iI]mport|Mapping)\w* body\/(text|mapping)|\/rows_at$|\/cells(\/|$)/,
  // `statementData` and `privateParts` read them, which this walk has too.
  /^contracts\.\w+ body\/(statement\/data|private\/part)\//,
  // The language of the search says itself which place of it cannot be read.
  /^market\.\w+ query\/q$/,
  // Never shown; a text that we have not written is refused as a whole.
  / query\/cursor$/,
];

type Schema = z.core.$ZodType;
type Found = [at: string, schema: Schema];
const defOf = (schema: Schema) => schema._zod.def as { type: string } & Record<string, unknown>;
/** Schemas that hold one other, by where it is. */
const INNER: Readonly<Record<string, string>> = {
  pipe: 'in',
  ...{ optional: 'innerType', nullable: 'innerType', default: 'innerType', prefault: 'innerType' },
  ...{ readonly: 'innerType', nonoptional: 'innerType', catch: 'innerType' },
};

/** Every text that a schema reads, by where it stands; what is made of a text counts with it. */
function textsIn(schema: Schema, at: string): Found[] {
  const def = defOf(schema);
  const one = (name: string) => def[name] as Schema;
  const many = (name: string) => def[name] as Schema[];
  const isOfText = def.type === 'pipe' && defOf(one('in')).type === 'string';
  if (def.type === 'string' || isOfText) return [[at, schema]];
  if (def.type === 'object') {
    const shape = Object.entries(def['shape'] as Record<string, Schema>);
    return shape.flatMap(([name, field]) => textsIn(field, `${at}/${name}`));
  }
  if (def.type === 'array') return textsIn(one('element'), `${at}/*`);
  if (def.type === 'tuple') return many('items').flatMap((item) => textsIn(item, `${at}/*`));
  if (def.type === 'union') return many('options').flatMap((option) => textsIn(option, at));
  if (def.type === 'record') {
    return [...textsIn(one('keyType'), `${at}/(name)`), ...textsIn(one('valueType'), `${at}/*`)];
  }
  if (def.type === 'lazy') throw new Error(`${at} is lazy; teach this walk to follow it`);
  const inner = INNER[def.type];
  return inner === undefined ? [] : textsIn(one(inner), at);
}

const partsOf = (parts: Record<string, Schema | undefined>, of: string): Found[] =>
  Object.entries(parts).flatMap(([part, schema]) =>
    schema ? textsIn(schema, `${of} ${part}`) : [],
  );

const asked = [
  ...allEndpoints.flatMap(({ name, params, query, body }) =>
    partsOf({ params, query, body }, name),
  ),
  ...partsOf(statementData, 'statement'),
  ...partsOf(privateParts, 'part'),
];
const takes = (schema: Schema, text: string) => z.safeParse(schema, text).success;
/** Words, numbers, ids: what is a free text takes at least one of them. */
const SAMPLES = ['abcd', 'Some words', 'a'.repeat(64), '1', '12.5'];

describe('every text that a person or program can send', () => {
  test('is walked: there are many of them', () => {
    expect(asked.length).toBeGreaterThan(150);
    const paths = asked.map(([at]) => at);
    expect(paths).toContain('accounts.signUp body/display_name');
    expect(paths).toContain('offerings.create body/features/*');
    expect(paths).toContain('part mark_provisioned/instructions');
  });

  test.each([
    ['turned about (U+202E)', '\u202e'],
    ['split by what nobody sees (U+200B)', '\u200b'],
    ['followed by an invisible letter (U+3164)', '\u3164'],
    ['ended by NUL', '\u0000'],
    ['broken by a lone surrogate', '\ud800'],
  ])('is refused when it is %s', (_, letter) => {
    const taken = asked.filter(
      ([at, schema]) =>
        !readElsewhere.some((one) => one.test(at)) &&
        SAMPLES.some((one) => takes(schema, `${one.slice(0, 2)}${letter}${one.slice(2)}`)),
    );
    expect(taken.map(([at]) => at)).toEqual([]);
  });
});
