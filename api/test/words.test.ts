import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { privateParts, statementData } from '@berth/shared/contracts/schemas';
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

type Def = z.core.$ZodTypeDef & Record<string, unknown>;
const defOf = (schema: z.core.$ZodType): Def => schema._zod.def as Def;

/** Every text that a schema reads, by where it stands; a text inside a check counts with it. */
function* textsIn(schema: z.core.$ZodType, at: string): Generator<[string, z.core.$ZodType]> {
  const def = defOf(schema);
  const inner = (name: string) => def[name] as z.core.$ZodType;
  switch (def.type) {
    case 'string':
      return yield [at, schema];
    case 'object':
      for (const [name, one] of Object.entries(def['shape'] as Record<string, z.core.$ZodType>)) {
        yield* textsIn(one, `${at}/${name}`);
      }
      return;
    case 'array':
      return yield* textsIn(inner('element'), `${at}/*`);
    case 'tuple':
      for (const one of def['items'] as z.core.$ZodType[]) yield* textsIn(one, `${at}/*`);
      return;
    case 'record':
      yield* textsIn(inner('keyType'), `${at}/(name)`);
      return yield* textsIn(inner('valueType'), `${at}/*`);
    case 'union':
      for (const one of def['options'] as z.core.$ZodType[]) yield* textsIn(one, at);
      return;
    case 'pipe':
      if (defOf(inner('in')).type === 'string') return yield [at, schema];
      return yield* textsIn(inner('in'), at);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
      return yield* textsIn(inner('innerType'), at);
    case 'lazy':
      throw new Error(`${at} is lazy; teach this walk to follow it`);
  }
}

const asked = [
  ...allEndpoints.flatMap(({ name, params, query, body }) =>
    Object.entries({ params, query, body }).flatMap(([part, schema]) =>
      schema ? [...textsIn(schema, `${name} ${part}`)] : [],
    ),
  ),
  ...Object.entries({ ...statementData }).flatMap(([name, one]) => [
    ...textsIn(one, `statement ${name}`),
  ]),
  ...Object.entries(privateParts).flatMap(([name, one]) => [...textsIn(one, `part ${name}`)]),
];
const takes = (schema: z.core.$ZodType, text: string) => z.safeParse(schema, text).success;
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
