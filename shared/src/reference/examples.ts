import { takesKey } from '../answers.ts';
import { addressOf, type Endpoint } from '../endpoint.ts';
import { valuesFor } from './values.ts';

type Named = Endpoint & { name: string };

export interface Example {
  label: string;
  /** What it is written in, as Markdown names it. */
  language: 'sh' | 'ts';
  text: string;
}

/** Takes a statement that only a device can sign, so its body stands in a file. */
export const isSigned = (one: Named): boolean =>
  one.body !== undefined && valuesFor(one.name, one.path).body === undefined;

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A call by curl; the token stands in `$BERTH_TOKEN`. */
export function curlOf(one: Named, origin: string): string {
  const { body, ...place } = valuesFor(one.name, one.path);
  const verb = one.method === 'GET' ? [] : [`-X ${one.method}`];
  const lines = [['curl', ...verb, quoted(origin + addressOf(one, place))].join(' ')];
  if (one.access !== 'anyone') lines.push('-H "Authorization: Bearer $BERTH_TOKEN"');
  if (takesKey(one)) lines.push('-H "Idempotency-Key: $(uuidgen)"');
  if (one.body !== undefined) lines.push("-H 'Content-Type: application/json'");
  if (isSigned(one)) lines.push('-d @signed.json');
  else if (one.body !== undefined) lines.push(`-d ${quoted(JSON.stringify(body, null, 2))}`);
  return lines.join(' \\\n  ');
}

/** A call by `@berth/sdk`. */
export function sdkOf(one: Named): string {
  const ask = valuesFor(one.name, one.path);
  if (one.produces === 'text/event-stream') {
    return 'for await (const event of berth.events()) {\n  console.log(event);\n}';
  }
  const given = Object.keys(ask).length === 0 ? '' : literal(ask, 0);
  const call = `await berth.${one.name}(${given});`;
  return one.method === 'DELETE' ? call : `const answer = ${call}`;
}

const INDENT = 2;
const ONE_LINE = 60;

/** A value as TypeScript writes it. */
function literal(value: unknown, depth: number): string {
  if (typeof value === 'string') {
    return `'${JSON.stringify(value)
      .slice(1, -1)
      .replaceAll(String.raw`\"`, '"')
      .replaceAll("'", String.raw`\'`)}'`;
  }
  if (value === null || typeof value !== 'object') return String(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one) => literal(one, depth + 1))
    : Object.entries(value).map(([name, one]) => `${name}: ${literal(one, depth + 1)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const space = isList ? '' : ' ';
  const line = `${open}${space}${parts.join(', ')}${space}${close}`;
  if (parts.length === 0) return `${open}${close}`;
  if (line.length <= ONE_LINE && !line.includes('\n')) return line;
  const inner = ' '.repeat(INDENT * (depth + 1));
  const lines = parts.map((one) => `${inner}${one},\n`);
  return `${open}\n${lines.join('')}${' '.repeat(INDENT * depth)}${close}`;
}

/** The examples of an endpoint, in every language that there is one in. */
export function examplesOf(one: Named, origin: string): Example[] {
  const curl: Example = { label: 'curl', language: 'sh', text: curlOf(one, origin) };
  if (isSigned(one)) return [curl];
  return [curl, { label: 'TypeScript', language: 'ts', text: sdkOf(one) }];
}
