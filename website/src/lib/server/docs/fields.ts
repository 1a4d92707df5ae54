import type { ApiDocument, Schema } from './document.ts';
import { nameOf, partsOf, schemaWords } from './schema-words.ts';

/** Deeper than this a reader follows a link instead. */
const DEEPEST = 2;
/** A named schema with fewer fields than this stands where it is used. */
const SMALL = 7;

/** Writes schemas as nested lists, and remembers which named ones must be shown beside them. */
export interface FieldWriter {
  /** The fields of a schema, a line each. */
  fields(schema: Schema): string[];
  /** What it is, where it has no fields of its own. */
  words(schema: Schema): string;
  /** Sections of what was linked to and not shown yet. */
  rest(): string[];
}

export function makeFieldWriter({ components: { schemas } }: ApiDocument): FieldWriter {
  const wanted = new Set<string>();
  const link = (name: string): string => {
    const schema = schemas[name];
    if (schema && !fieldsIn(schema)) return schemaWords(schema, link);
    wanted.add(name);
    return `[${name}](#${name})`;
  };
  const fieldsIn = (schema: Schema): Schema | undefined => {
    const inner = innermost(schema);
    const name = nameOf(inner);
    const found = name === undefined ? inner : schemas[name];
    return found && hasFields(found) ? found : undefined;
  };
  const lines = (schema: Schema, depth: number): string[] => {
    const found = nameOf(schema) === undefined ? schema : schemas[nameOf(schema) ?? ''];
    if (!found) return [];
    if (found.anyOf ?? found.oneOf) {
      return partsOf(found).parts.flatMap((one, at) => [
        `${pad(depth)}- either, ${at + 1}: ${nameOf(one) ? link(nameOf(one) ?? '') : 'an object'}`,
        ...(nameOf(one) ? [] : lines(one, depth + 1)),
      ]);
    }
    return Object.entries(found.properties ?? {}).flatMap(([name, field]) => {
      const inner = innermost(field);
      const isShown = shownHere(inner, depth);
      const optional = found.required?.includes(name) === true ? '' : ' _optional_';
      const words = isShown ? holderWords(field) : schemaWords(field, link);
      const preset =
        field.default === undefined ? '' : `; else \`${JSON.stringify(field.default)}\``;
      return [
        `${pad(depth)}- \`${name}\`${optional} ${words}${preset}`,
        ...(isShown ? lines(inner, depth + 1) : []),
      ];
    });
  };
  const shownHere = (inner: Schema, depth: number): boolean => {
    const name = nameOf(inner);
    const found = name === undefined ? inner : schemas[name];
    if (!found?.properties || depth >= DEEPEST) return name === undefined && !!found?.properties;
    return name === undefined || Object.keys(found.properties).length < SMALL;
  };
  return {
    fields: (schema) => lines(schema, 0),
    words: (schema) => schemaWords(schema, link),
    rest() {
      const sections: string[] = [];
      for (const name of wanted) {
        // What is linked to from here is added to what is walked.
        sections.push(`### ${name}`, lines(schemas[name] ?? {}, 0).join('\n'));
      }
      return sections;
    },
  };
}

const pad = (depth: number): string => '  '.repeat(depth);

/** What is in a list, or may be null. */
function innermost(schema: Schema): Schema {
  const { parts, nullable } = partsOf(schema);
  const [only] = parts;
  if (nullable && only && parts.length === 1) return innermost(only);
  return schema.type === 'array' && schema.items ? innermost(schema.items) : schema;
}

function holderWords(schema: Schema): string {
  const { parts, nullable } = partsOf(schema);
  const [only = schema] = parts;
  return `${only.type === 'array' ? 'list of objects' : 'object'}${nullable ? ' or null' : ''}`;
}

const hasFields = (schema: Schema): boolean =>
  schema.properties !== undefined ||
  (schema.anyOf ?? schema.oneOf ?? []).some(({ $ref, properties }) => $ref ?? properties);
