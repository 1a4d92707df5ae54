/** People for tests and for the seed: they hold keys, sign, and speak to the API as clients do. */
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { scopes as allScopes, type Scope } from '@berth/shared/access';
import { accounts } from '@berth/shared/accounts/endpoints';
import type { AccountView } from '@berth/shared/accounts/schemas';
import { addressOf, isQuery, type Answer, type Ask, type Endpoint } from '@berth/shared/endpoint';
import type { ProblemDocument } from '@berth/shared/problems';
import { fromHex } from '@berth/shared/signing/bytes';
import {
  DELEGATION_DAYS,
  delegationId,
  delegationText,
  type AgentLeave,
  type Delegation,
  type SignedDelegation,
} from '@berth/shared/signing/delegation';
import { importEncryptionSecret } from '@berth/shared/signing/device';
import { encryptionKeyText, encryptionSecretOf } from '@berth/shared/signing/keys';
import { accountSecretOf, readPhrase } from '@berth/shared/signing/phrase';
import { open, type Envelope, type SealedFor } from '@berth/shared/signing/seal';
import { addHours } from '@berth/shared/time';

const SECRET_BYTES = 32;
const HOURS_A_DAY = 24;
/** RFC 8410: what precedes the 32 bytes of an Ed25519 secret in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Any server that is spoken to: an app, and the clock that its clients set theirs by. */
export interface Server {
  app: Pick<FastifyInstance, 'inject'>;
  clock: { now(): string; nowMs(): number };
}

/** An Ed25519 key on node:crypto, which signs far faster than a browser's JavaScript would. */
export interface TestKey {
  /** 64 hex characters. */
  public_key: string;
  /** Only for tests that look for it where it must not be. */
  secret: string;
  sign(text: string): string;
}

/** The key of 32 bytes given as 64 hex characters; a new one without them. */
export function makeTestKey(secret = randomBytes(SECRET_BYTES).toString('hex')): TestKey {
  const der = Buffer.concat([PKCS8_PREFIX, fromHex(secret)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    public_key: spki.subarray(-SECRET_BYTES).toString('hex'),
    secret,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('hex'),
  };
}

const hashHex = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface Person {
  account_key: TestKey;
  device_key: TestKey;
  encryption_key: string;
  /** Opens what was sealed to this person. */
  open(sealedFor: SealedFor, envelope: Envelope): Promise<string>;
}

/** A person of a recovery phrase, of any other text (always the same keys), or a new one. */
export function makePerson(from: string = randomBytes(SECRET_BYTES).toString('hex')): Person {
  const phrase = readPhrase(from);
  const secret = phrase.ok ? accountSecretOf(phrase.phrase) : fromHex(hashHex(from));
  const encryption = encryptionSecretOf(secret);
  return {
    account_key: makeTestKey(Buffer.from(secret).toString('hex')),
    device_key: makeTestKey(hashHex(`${from}/device`)),
    encryption_key: encryption.public_key,
    open: async (sealedFor, envelope) =>
      open(await importEncryptionSecret(encryption.secret), sealedFor, envelope),
  };
}

/** The same person on another device. */
export const onNewDevice = (person: Person): Person => ({ ...person, device_key: makeTestKey() });

export interface DelegationOptions {
  scopes?: readonly Scope[];
  label?: string;
  audience?: string;
  issued_at?: string;
  expires_at?: string;
  agent?: AgentLeave;
}

/** The account key's signed leave for the device key, full and of full length unless told. */
export function delegate(
  { account_key, device_key }: Pick<Person, 'account_key' | 'device_key'>,
  options: DelegationOptions & { audience: string; issued_at: string },
): SignedDelegation {
  const delegation: Delegation = {
    account_key: account_key.public_key,
    device_key: device_key.public_key,
    label: 'Test device',
    expires_at: addHours(options.issued_at, DELEGATION_DAYS * HOURS_A_DAY),
    ...options,
    scopes: [...(options.scopes ?? allScopes)],
  };
  return { delegation, signature: account_key.sign(delegationText(delegation)) };
}

export interface AskOptions {
  idempotency_key?: string;
  headers?: Record<string, string>;
}

export interface Reply<E extends Endpoint> {
  status: number;
  headers: LightMyRequestResponse['headers'];
  /** The text of the body, byte for byte. */
  text: string;
  /** The same where it is no text. */
  bytes: Uint8Array;
  /** Throws the problem when the answer is one. */
  answer(): Answer<E>;
  /** Throws when the answer is no problem. */
  problem(): ProblemDocument;
}

interface AnyAsk {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** Asks as a client with these headers would; a write carries an idempotency key of its own. */
export async function send<E extends Endpoint>(
  { app }: Pick<Server, 'app'>,
  endpoint: E,
  ask: Ask<E>,
  { idempotency_key = randomBytes(16).toString('hex'), headers = {} }: AskOptions = {},
): Promise<Reply<E>> {
  const { params, query, body } = ask as AnyAsk;
  const given = { ...(params ? { params } : {}), ...(query ? { query } : {}) };
  const response = await app.inject({
    method: endpoint.method,
    url: addressOf(endpoint, given),
    headers: {
      ...(isQuery(endpoint) ? {} : { 'idempotency-key': idempotency_key }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  return replyOf(endpoint, response);
}

function replyOf<E extends Endpoint>(endpoint: E, response: LightMyRequestResponse): Reply<E> {
  const { statusCode: status, headers, payload: text } = response;
  const type = String(headers['content-type'] ?? '');
  const isProblem = type.startsWith('application/problem+json');
  const isJson = type.startsWith('application/json');
  return {
    status,
    headers,
    text,
    bytes: new Uint8Array(response.rawPayload),
    answer() {
      if (isProblem) throw refusal(response.json<ProblemDocument>());
      if (status >= 400) throw new Error(`${endpoint.path} answered ${status}: ${text}`);
      return (isJson ? response.json() : text === '' ? undefined : text) as Answer<E>;
    },
    problem() {
      if (!isProblem) throw new Error(`${endpoint.path} answered ${status}, no problem: ${text}`);
      return response.json<ProblemDocument>();
    },
  };
}

const refusal = (problem: ProblemDocument) =>
  Object.assign(new Error(`${problem.code}: ${problem.detail ?? problem.title}`), { problem });

/** A person who is signed in. */
export interface Client extends Person {
  server: Server;
  account: AccountView;
  session_id: string;
  /** The bearer token; null in a browser, which has the cookie. */
  token: string | null;
  /** `name=value`; null for an agent, which has the token. */
  cookie: string | null;
  delegation: SignedDelegation;
  delegation_id: string;
  /** What proves the session on each request. */
  headers: Record<string, string>;
  /** Signs with the device key. */
  sign(text: string): string;
  /** For `signRequest` and `signMove` of contracts/sign.ts. */
  signer<R extends 'renter' | 'provider'>(role: R): ContractSigner<R>;
  /** Answers, or throws the problem. */
  ask<E extends Endpoint>(endpoint: E, ask: Ask<E>, options?: AskOptions): Promise<Answer<E>>;
  /** Answers the problem, or throws when there is none. */
  refused<E extends Endpoint>(
    endpoint: E,
    ask: Ask<E>,
    options?: AskOptions,
  ): Promise<ProblemDocument>;
  /** The whole reply, whatever it is. */
  send<E extends Endpoint>(endpoint: E, ask: Ask<E>, options?: AskOptions): Promise<Reply<E>>;
}

interface ContractSigner<R> {
  by: string;
  role: R;
  sign(text: string): Promise<string>;
  now_ms(): number;
}

export interface SignInOptions extends DelegationOptions {
  person?: Person;
  /** `bearer` unless told. */
  transport?: 'cookie' | 'bearer';
  headers?: Record<string, string>;
}

export interface SignUpOptions extends SignInOptions {
  display_name?: string;
}

/** A challenge's nonce, its text, and the origin it names. */
export async function getChallenge(server: Pick<Server, 'app'>, key: string) {
  const reply = await send(server, accounts.challenge, { body: { key } });
  const { nonce, text } = reply.answer();
  const origin = /^URI: (.+)$/m.exec(text)?.[1];
  if (origin === undefined) throw new Error(`No URI in the challenge: ${text}`);
  return { nonce, text, origin };
}

/** Makes an account through HTTP: challenge, signatures, sign-up. */
export async function signUp(
  server: Server,
  handle: string,
  options: SignUpOptions = {},
): Promise<Client> {
  const { person = makePerson(), transport = 'bearer', headers, display_name, ...leave } = options;
  const { account_key, encryption_key } = person;
  const { nonce, text, origin } = await getChallenge(server, account_key.public_key);
  const delegation = delegate(person, {
    audience: origin,
    issued_at: server.clock.now(),
    ...leave,
  });
  const body = {
    handle,
    ...(display_name === undefined ? {} : { display_name }),
    key: account_key.public_key,
    nonce,
    signature: account_key.sign(text),
    encryption: {
      public_key: encryption_key,
      signature: account_key.sign(encryptionKeyText(encryption_key)),
    },
    delegation,
    transport,
  };
  const reply = await send(server, accounts.signUp, { body }, { headers: headers ?? {} });
  return clientOf(server, person, reply, delegation, origin);
}

/** Signs in with the account key on this person's device, under a new delegation. */
export async function signIn(
  server: Server,
  person: Person,
  options: SignInOptions = {},
): Promise<Client> {
  const { transport = 'bearer', headers, ...leave } = options;
  const { nonce, text, origin } = await getChallenge(server, person.account_key.public_key);
  const delegation = delegate(person, {
    audience: origin,
    issued_at: server.clock.now(),
    ...leave,
  });
  const body = {
    key: person.account_key.public_key,
    nonce,
    signature: person.account_key.sign(text),
    delegation,
    transport,
  };
  const reply = await send(server, accounts.signIn, { body }, { headers: headers ?? {} });
  return clientOf(server, person, reply, delegation, origin);
}

/** Opens another session with the device key alone, under the delegation the server keeps. */
export async function renew(client: Client): Promise<Client> {
  const { server, device_key, delegation } = client;
  const { nonce, text, origin } = await getChallenge(server, device_key.public_key);
  const transport = client.token === null ? ('cookie' as const) : ('bearer' as const);
  const key = device_key.public_key;
  const body = { key, nonce, signature: device_key.sign(text), transport };
  const reply = await send(server, accounts.signIn, { body });
  return clientOf(server, client, reply, delegation, origin);
}

type SignedIn = Reply<typeof accounts.signIn> | Reply<typeof accounts.signUp>;

function clientOf(
  server: Server,
  person: Person,
  reply: SignedIn,
  delegation: SignedDelegation,
  origin: string,
): Client {
  const { account, session_id, token } = reply.answer();
  const cookie = [reply.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0] ?? null;
  const headers: Record<string, string> =
    token === null ? { cookie: cookie ?? '', origin } : { authorization: `Bearer ${token}` };
  const sendAs: Client['send'] = (endpoint, ask, options = {}) =>
    send(server, endpoint, ask, { ...options, headers: { ...headers, ...options.headers } });
  return {
    ...person,
    server,
    account,
    session_id,
    token,
    cookie,
    delegation,
    delegation_id: delegationId(delegation.delegation),
    headers,
    sign: (text) => person.device_key.sign(text),
    signer: (role) => ({
      by: person.account_key.public_key,
      role,
      sign: async (text) => person.device_key.sign(text),
      now_ms: () => server.clock.nowMs(),
    }),
    send: sendAs,
    ask: async (endpoint, ask, options) => (await sendAs(endpoint, ask, options)).answer(),
    refused: async (endpoint, ask, options) => (await sendAs(endpoint, ask, options)).problem(),
  };
}
