import { permissionsFor } from '@berth/shared/access';
import { problemsOf, takesToken } from '@berth/shared/answers';
import { counted } from '@berth/shared/count';
import type { Endpoint } from '@berth/shared/endpoint';
import type { endpoints } from '@berth/shared/endpoints';
import { problems, type ProblemCode } from '@berth/shared/problems';
import { policies } from '@berth/shared/rate-limits';
import { examplesOf, isSigned } from '@berth/shared/reference/examples';
import type { ApiDocument, Operation, Parameter } from './document.ts';
import { makeFieldWriter, type FieldWriter } from './fields.ts';

export type Named = Endpoint & { name: string };

interface Group {
  title: string;
  detail: string;
}

/** What the groups of endpoints are about; their names are those of `shared`'s domains. */
export const groups: Record<string, Group> = {
  market: { title: 'Search', detail: 'Find what can be rented, with totals for your hours.' },
  contracts: { title: 'Contracts', detail: 'Request, move, read and verify rentals.' },
  offerings: { title: 'Offerings', detail: 'What providers list: one, many, or a file of them.' },
  accounts: { title: 'Accounts', detail: 'Sign-up and sign-in, keys, devices, profile.' },
  tokens: { title: 'API tokens', detail: 'What a program acts by.' },
  webhooks: { title: 'Webhooks', detail: 'Where events are sent, and what was sent.' },
  notices: { title: 'Notices and events', detail: 'What an account is told, and the stream.' },
  saved: { title: 'Saved', detail: 'Saved offerings and searches.' },
  ledger: { title: 'Billing', detail: 'Balances, and what was posted to them.' },
  payments: { title: 'Payments', detail: 'Pay in by card.' },
  payouts: { title: 'Payouts', detail: 'Balances and earnings, out to a bank account.' },
  papers: { title: 'Invoices', detail: 'Billing details, invoices, credit notes and their PDF.' },
  mail: { title: 'Mail', detail: 'The address of an account, and when it is written to.' },
  blocks: { title: 'Blocked renters', detail: 'Whose requests a provider does not take.' },
  rates: { title: 'Exchange rates', detail: 'What prices are compared by; never what is charged.' },
  platform: { title: 'Platform', detail: 'Who answers here, and how it is.' },
  icp: { title: 'Internet Computer', detail: 'The import of an older marketplace.' },
  admin: { title: 'Administration', detail: 'What runs in the background, and what admins did.' },
} satisfies Record<keyof typeof endpoints, Group>;

export const groupOf = ({ name }: Named): string => name.split('.')[0] ?? '';

/** The page of a group, as Markdown. */
export function groupPage(
  group: string,
  endpoints: readonly Named[],
  document: ApiDocument,
  origin: string,
): string {
  const writer = makeFieldWriter(document);
  const sections = endpoints.flatMap((one) => endpointSection(one, document, writer, origin));
  const rest = writer.rest();
  const { title, detail } = groups[group] ?? { title: group, detail: '' };
  return [
    `# ${title}`,
    detail,
    ...sections,
    ...(rest.length > 0 ? ['## Objects', 'What the endpoints above take and answer.'] : []),
    ...rest,
  ].join('\n\n');
}

function endpointSection(
  one: Named,
  document: ApiDocument,
  writer: FieldWriter,
  origin: string,
): string[] {
  const path = one.path.replace(/:(\w+)/g, '{$1}');
  const operation = document.paths[path]?.[one.method.toLowerCase()];
  if (!operation) return [];
  return [
    `## ${one.summary} \`${one.name}\``,
    `\`${one.method} /api/v1${path}\``,
    factsOf(one).join('\n'),
    ...examplesOf(one, origin).map(
      ({ label, language, text }) => `\`\`\`${language} ${label}\n${text}\n\`\`\``,
    ),
    ...parametersOf(operation, document, writer),
    ...bodyOf(operation, writer),
    ...answerOf(operation, writer),
    '#### Problems',
    problemLines(one).join('\n'),
  ];
}

/** Its own, and those that many calls may answer behind one line. */
function problemLines(one: Named): string[] {
  const line = (code: ProblemCode) =>
    `- [${code}](/docs/problems/${code}) ${problems[code].status}. ${problems[code].title}`;
  const others = problemsOf(one).filter((code) => !one.problems.includes(code));
  return [
    ...one.problems.map(line),
    `- ${counted(others.length, 'problem')} that many calls may answer`,
    ...others.map((code) => `  ${line(code)}`),
  ];
}

const SECONDS = { minute: 60, hour: 3_600 };

/** Who may, how often, and what else holds. */
function factsOf(one: Named): string[] {
  const { quota, window_s, by } = policies[one.rate_limit ?? 'default'];
  const window = window_s === SECONDS.hour ? 'an hour' : 'a minute';
  const whose = by === 'address' ? 'for each network address' : 'for each account or token';
  return [
    `- **Who** ${whoMay(one)}`,
    `- **Limit** ${counted(quota, 'call')} ${window} ${whose}, shared with all of its kind`,
    ...(one.shows_once ? ['- **Secret** shown once: this answer is not kept'] : []),
    ...(isSigned(one)
      ? ['- **Signed** by a device: use the website, `berth` or `@berth/sdk` to make the body']
      : []),
  ];
}

function whoMay(one: Named): string {
  const names = permissionsFor(one.access);
  if (names.length === 0) return 'anyone';
  const needed =
    names.length > 3 ? 'any permission' : names.map((name) => `\`${name}\``).join(' or ');
  const isForTokens = names.some((name) => takesToken(one, name));
  return `${needed}, by ${isForTokens ? 'a token or a session' : 'a session; not by a token'}`;
}

function parametersOf(
  { parameters }: Operation,
  { components }: ApiDocument,
  writer: FieldWriter,
): string[] {
  const named = parameters.map((one): Parameter | undefined =>
    one.$ref === undefined ? one : components.parameters[one.$ref.split('/').at(-1) ?? ''],
  );
  const rows = named.flatMap((one) => (one && one.in !== 'header' ? [one] : []));
  if (rows.length === 0) return [];
  const lines = rows.map(
    (one) =>
      `- \`${one.name}\`${one.required === true ? '' : ' _optional_'} ${writer.words(one.schema)}${
        one.in === 'path' ? ', in the path' : ''
      }`,
  );
  return ['#### Parameters', lines.join('\n')];
}

function bodyOf({ requestBody }: Operation, writer: FieldWriter): string[] {
  const schema = requestBody?.content['application/json']?.schema;
  if (!schema) return [];
  const lines = writer.fields(schema);
  return ['#### Body', lines.length > 0 ? lines.join('\n') : writer.words(schema)];
}

function answerOf({ responses }: Operation, writer: FieldWriter): string[] {
  const [status = '', found] = Object.entries(responses).find(([one]) => one.startsWith('2')) ?? [];
  const [type, content] = Object.entries(found?.content ?? {})[0] ?? [];
  if (type === undefined || !content) return ['#### Answer', `\`${status}\`, without a body.`];
  if (type !== 'application/json') return ['#### Answer', `\`${status}\`, \`${type}\`.`];
  const lines = writer.fields(content.schema);
  return ['#### Answer', lines.length > 0 ? lines.join('\n') : writer.words(content.schema)];
}
