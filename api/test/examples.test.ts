/** Every example of the reference, called as it stands but for the ids, which are real ones. */
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { permissionsFor, tokenPermissions } from '@berth/shared/access';
import { takesToken } from '@berth/shared/answers';
import { allEndpoints, endpoints } from '@berth/shared/endpoints';
import { makeId } from '@berth/shared/ids';
import { curlOf, isSigned, sdkOf } from '@berth/shared/reference/examples';
import { exampleId, valuesFor } from '@berth/shared/reference/values';
import { makeTestApp, type TestApp } from './harness.ts';
import { onNewDevice, signIn, signUp, type Client } from './people.ts';
import { listOffering, rentalIn } from './rental.ts';

let t: TestApp;
let origin: string;
let owner: Client;
let offering_id: string;
/** What stands in an example, and what there is instead. */
let real: [string, string][];
let tokens: { any: string; session: string };

beforeAll(async () => {
  t = await makeTestApp();
  origin = await t.app.listen({ port: 0, host: '127.0.0.1' });
  owner = await signUp(t, 'harbour');
  const renter = await signUp(t, 'sailor');
  await t.deps.write(({ tx }) =>
    tx.updateTable('accounts').set({ is_admin: 1 }).where('id', '=', owner.account.id).execute(),
  );
  const offering = await listOffering(owner);
  offering_id = offering.id;
  const contract = await rentalIn('pending', { renter, provider: owner, offering });
  const made = await owner.ask(endpoints.offerings.createMapping, {
    body: { ...(valuesFor('offerings.createMapping', '').body as object), name: 'First' } as never,
  });
  const search = await owner.ask(endpoints.saved.saveSearch, {
    body: valuesFor('saved.saveSearch', '').body as never,
  });
  const hook = await owner.ask(endpoints.webhooks.create, {
    body: valuesFor('webhooks.create', '').body as never,
  });
  const token = await owner.ask(endpoints.tokens.create, {
    body: { name: 'Examples', permissions: [...tokenPermissions], days: 1 },
  });
  const other = await owner.ask(endpoints.tokens.create, {
    body: { name: 'Another', permissions: ['account.read'], days: 1 },
  });
  const contact = await owner.ask(endpoints.accounts.addContact, {
    body: { kind: 'email', value: 'a@example.org' },
  });
  const own = await signIn(t, onNewDevice(owner));
  const [sent] = await deliveriesOf(hook.webhook.id);
  real = [
    [exampleId('offering'), offering.id],
    ['8f14e45fceea167a5a36dedd4bea2543', contract],
    [exampleId('import_mapping'), made.id],
    [exampleId('saved_search'), search.id],
    [exampleId('webhook'), hook.webhook.id],
    [exampleId('token'), other.token.id],
    [exampleId('contact'), contact.id],
    [exampleId('session'), own.session_id],
    [exampleId('delivery'), sent ?? makeId('delivery')],
  ];
  tokens = { any: token.secret, session: owner.token ?? '' };
});

afterAll(() => t.close());

async function deliveriesOf(webhook_id: string): Promise<string[]> {
  await owner.ask(endpoints.webhooks.test, { params: { webhook_id } });
  const { items } = await owner.ask(endpoints.webhooks.deliveries, { params: { webhook_id } });
  return items.map(({ id }) => id);
}

/** The words of a command as a shell parts them: quotes, and lines that go on. */
function wordsOf(command: string): string[] {
  const words = command.matchAll(/(?:'[^']*'|"[^"]*"|\\'|[^\s'"\\])+/g);
  return [...words].map(([word]) => word.replace(/'([^']*)'|"([^"]*)"|\\(')/g, '$1$2$3'));
}

/** What curl would send. */
function requestOf(command: string): { url: string; init: RequestInit } {
  const [program, ...words] = wordsOf(command);
  expect(program).toBe('curl');
  const headers: Record<string, string> = {};
  const init: RequestInit = { method: 'GET', headers };
  let url = '';
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-X') init.method = words.shift() ?? '';
    else if (word === '-d') init.body = words.shift() ?? '';
    else if (word === '-H') {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(words.shift() ?? '') ?? [];
      headers[name] = value;
    } else url = word;
  }
  return { url, init };
}

/** Reading before writing, and what ends a thing last. */
const place = ({ name, method }: (typeof allEndpoints)[number]): number =>
  name === 'accounts.signOut' ? 3 : method === 'GET' ? 0 : method === 'DELETE' ? 2 : 1;
const inTurn = [...allEndpoints].sort((a, b) => place(a) - place(b));

/** Examples that this Berth refuses, by what it has not: no mail, no payments, no chain. */
const refused: Record<string, string> = {
  ...{ 'accounts.removeSshKey': 'request.not_found', 'admin.runAgain': 'request.not_found' },
  ...{ 'icp.entry': 'request.not_found', 'icp.run': 'icp.off' },
  ...{ 'ledger.transfer': 'payment.off', 'payments.begin': 'payment.off' },
  ...{ 'payments.beginFor': 'payment.nothing_due', 'payments.receiveStripe': 'payment.off' },
  ...{ 'payments.get': 'request.not_found', 'payments.look': 'request.not_found' },
  ...{ 'mail.give': 'mail.off', 'mail.confirm': 'mail.link_over', 'mail.end': 'request.not_found' },
  'mail.showEnding': 'request.not_found',
  ...{ 'mail.sent': 'request.not_found', 'mail.showSent': 'request.not_found' },
  ...{ 'offerings.hold': 'offering.own', 'offerings.releaseHold': 'request.not_found' },
  'offerings.undoBulk': 'request.not_found',
  ...{ 'papers.pdf': 'request.not_found', 'papers.showPdf': 'request.not_found' },
  ...{ 'papers.get': 'request.not_found', 'papers.show': 'request.not_found' },
  ...{ 'payouts.ask': 'payment.insufficient', 'payouts.callOff': 'request.not_found' },
  ...{ 'payouts.makeBatch': 'payout.none_to_send', 'payouts.file': 'request.not_found' },
  ...{ 'payouts.confirmBatch': 'request.not_found', 'payouts.giveBack': 'request.not_found' },
  ...{ 'platform.demo': 'request.not_found', 'platform.ready': 'service.busy' },
};

test('every example is answered as the reference says', async () => {
  const verdicts: Record<string, string> = {};
  for (const one of inTurn) {
    let command = curlOf(one, origin);
    for (const [shown, there] of real) command = command.replaceAll(shown, there);
    const { version } = await owner.ask(endpoints.offerings.getOwn, { params: { offering_id } });
    const isForToken = permissionsFor(one.access).some((name) => takesToken(one, name));
    command = command
      .replace('$BERTH_TOKEN', isForToken ? tokens.any : tokens.session)
      .replace('$(uuidgen)', crypto.randomUUID())
      .replace(/"version": 3/, `"version": ${version}`)
      .replace('@signed.json', '{}');
    const { url, init } = requestOf(command);
    const ending = new AbortController();
    const answer = await fetch(url, { ...init, signal: ending.signal });
    if (answer.ok) {
      ending.abort();
      continue;
    }
    const { code } = (await answer.json()) as { code: string };
    // What only a device can sign is no example's: a body of nothing is refused as such.
    if (isSigned(one)) expect([one.name, code]).toEqual([one.name, 'request.invalid']);
    else verdicts[one.name] = code;
  }
  expect(verdicts).toEqual(refused);
});

/** As `@berth/sdk` declares what it calls. */
const HEAD = `
import type { Answer, Ask, Endpoint } from '@berth/shared/endpoint';
import type { endpoints } from '@berth/shared/endpoints';
type Given<E extends Endpoint> = unknown extends Ask<E>
  ? []
  : Record<never, never> extends Ask<E> ? [ask?: Ask<E>] : [ask: Ask<E>];
type CallOf<E extends Endpoint> = (...given: Given<E>) => Promise<Answer<E>>;
type Groups = typeof endpoints;
declare const berth: {
  [G in keyof Groups]: {
    [N in keyof Groups[G]]: Groups[G][N] extends Endpoint ? CallOf<Groups[G][N]> : never;
  };
} & { events(): AsyncGenerator<unknown> };
`;

test('every example in TypeScript has the types of its endpoint', () => {
  const parts = allEndpoints
    .filter((one) => !isSigned(one))
    .map((one, at) => `export async function example${at}() {\n${sdkOf(one)}\n}`);
  const found = complaintsOf(`${HEAD}\n${parts.join('\n')}`);
  expect(found).toEqual([]);
  expect(complaintsOf(`${HEAD}\nvoid berth.offerings.get({ params: { id: 1 } });`)).toHaveLength(1);
});

const NAME = new URL('examples-of-the-reference.ts', import.meta.url).pathname;

/** What TypeScript says of a file beside this one that is not there. */
function complaintsOf(source: string): string[] {
  const { config } = ts.readConfigFile(
    new URL('../../tsconfig.base.json', import.meta.url).pathname,
    ts.sys.readFile,
  ) as { config: { compilerOptions: Record<string, unknown> } };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === NAME || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === NAME
      ? ts.createSourceFile(name, source, ts.ScriptTarget.Latest)
      : getSourceFile(name, ...rest);
  const program = ts.createProgram(
    [NAME],
    { ...options, noEmit: true, noUnusedLocals: false },
    host,
  );
  return program
    .getSemanticDiagnostics(program.getSourceFile(NAME))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
