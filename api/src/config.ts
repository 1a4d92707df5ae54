import { join, resolve } from 'node:path';
import { findIpv4, findIpv6 } from '@berth/shared/net-address';
import { readAddress } from '@berth/shared/mail/address';
import { lineText } from '@berth/shared/fields';
import { readVatId } from '@berth/shared/papers/vat-ids';
import { paymentWays } from '@berth/shared/ledger/schemas';
import { holderSchema, ibanSchema } from '@berth/shared/payouts/schemas';
import * as z from 'zod';
import { startError } from './lib/start-error.ts';

const MAX_PORT = 65_535;
const PORT_RANGE = `a port number from 0 to ${MAX_PORT}`;
const DEFAULT_PORT = 3000;
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const PROJECT = resolve(import.meta.dirname, '../..');

const onOff = (fallback: 'on' | 'off') => z.enum(['on', 'off'], 'on or off').default(fallback);

/** An address of this kind and nothing after its host and port. */
const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

/** Ten bytes and their checksum in base32; those of canisters always end this way. */
const CANISTER_ID = /^(?:[a-z2-7]{5}-){4}cai$/;
const ICP_HOST = 'https://icp-api.io';

const MAX_WIRE_DETAILS = 1_000;
const ECB_FILE = 'https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml';

const MAX_HOUSE_LETTERS = 200;
const VIES = 'https://ec.europa.eu/taxation_customs/vies/rest-api';

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Prices and payments: only this very machine may send them unencrypted. */
const isSafeUrl = (text: string): boolean =>
  URL.canParse(text) &&
  (/^https:/.test(text) || (/^http:/.test(text) && LOCAL_HOSTS.has(new URL(text).hostname)));

/** A server of mail; only this very machine is spoken to without encryption. */
const isSmtpUrl = (text: string): boolean =>
  URL.canParse(text) &&
  /^smtps?:$/.test(new URL(text).protocol) &&
  new URL(text).hostname !== '' &&
  /^\/?$/.test(new URL(text).pathname);

/** `Berth <mail@berth.example>`, or the address alone. */
function findSender(text: string): { name: string; address: string } | null {
  const [, name = '', bracketed] = /^([^<>"\p{Cc}]*)<([^<>]*)>$/u.exec(text.trim()) ?? [];
  const address = readAddress(bracketed ?? text);
  return address === null ? null : { name: name.trim(), address };
}
const SENDER = 'an address such as Berth <mail@berth.example>';

const MAX_HOPS = 10;
const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];
const TRUST_RANGE =
  `off, the number of proxies in front (1 to ${MAX_HOPS}), or the proxies' own addresses, ` +
  'such as 10.0.0.0/8,::1';

/** Which proxies are believed; null for text that says none of them. */
function findTrust(text: string): TrustProxy | null {
  if (text === 'off') return false;
  if (/^\d+$/.test(text))
    return Number(text) >= 1 && Number(text) <= MAX_HOPS ? Number(text) : null;
  const networks = text.split(',').map((one) => one.trim());
  return networks.every(isNetwork) ? networks : null;
}

function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]*)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  const most = findIpv4(address) ? 32 : findIpv6(address) ? 128 : 0;
  return NAMED_NETWORKS.includes(text) || (most > 0 && Number(bits ?? most) <= most);
}

const settings = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= MAX_PORT, PORT_RANGE)
    .transform(Number)
    .default(DEFAULT_PORT),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'a host name or an IP address')
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/, 'an address such as postgres://user@host:5432/berth')
    .optional(),
  PUBLIC_ORIGIN: z
    .string()
    .refine(isOrigin, 'an origin such as https://berth.example, without a path')
    .optional(),
  SERVICE_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal characters')
    .optional(),
  WEBHOOK_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal characters')
    .optional(),
  WEBHOOK_LOOPBACK: onOff('off'),
  DEMO: onOff('off'),
  LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`).default('info'),
  WEBSITE_BUILD: z.string().default(resolve(PROJECT, 'website/build')),
  TRUST_PROXY: z
    .string()
    .default('off')
    .transform((text, context) => {
      const trust = findTrust(text);
      if (trust === null) context.addIssue({ code: 'custom', message: TRUST_RANGE });
      return trust ?? false;
    }),
  RATE_LIMITS: onOff('on'),
  PAYMENTS: z.enum(paymentWays, `one of ${paymentWays.join(', ')}`).default('off'),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_[A-Za-z0-9]{8,200}$/, "a secret key of Stripe's, as sk_live_…")
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/=_-]{8,200}$/, "the secret of Stripe's webhook, as whsec_…")
    .optional(),
  STRIPE_API_BASE: z
    .string()
    .refine(
      (text) => isOrigin(text) && isSafeUrl(text),
      'an https origin, or an origin on this machine',
    )
    .optional(),
  PAYOUT_HOLDER: holderSchema.optional(),
  PAYOUT_IBAN: ibanSchema.optional(),
  WIRE_DETAILS: z.string().max(MAX_WIRE_DETAILS, `at most ${MAX_WIRE_DETAILS} letters`).default(''),
  ICP_CANISTER: z
    .string()
    .refine(
      (text) => text === 'off' || CANISTER_ID.test(text),
      "off or a canister's id such as ggi4a-wyaaa-aaaai-actqq-cai",
    )
    .default('off'),
  ICP_HOST: z
    .string()
    .refine(
      (text) => /^https?:/.test(text) && isOrigin(text),
      `an origin such as ${ICP_HOST}, without a path`,
    )
    .default(ICP_HOST),
  SMTP_URL: z
    .string()
    .refine(isSmtpUrl, 'an address such as smtps://user:password@mail.example:465')
    .optional(),
  MAIL_FROM: z
    .string()
    .refine((text) => findSender(text) !== null, SENDER)
    .optional(),
  MAIL_FOLDER: z.string().optional(),
  RATES_URL: z
    .string()
    .refine(
      (text) => text === 'off' || isSafeUrl(text),
      `off or an https address such as ${ECB_FILE}`,
    )
    .default('off'),
  HOUSE_NAME: lineText(1, MAX_HOUSE_LETTERS).optional(),
  HOUSE_ADDRESS: lineText(1, MAX_HOUSE_LETTERS).optional(),
  HOUSE_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two letters such as DE')
    .optional(),
  HOUSE_VAT_ID: z.string().optional(),
  VIES_URL: z
    .string()
    .refine(
      (text) => text === 'off' || (isSafeUrl(text) && !text.endsWith('/')),
      `off or an https address such as ${VIES}`,
    )
    .default('off'),
});

/**
 * Whose `X-Forwarded-For` is believed, read from the right: nobody's, that of so many proxies in
 * front, or that of the proxies at these addresses.
 */
export type TrustProxy = false | number | readonly string[];

export interface Config {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  readonly data_dir: string;
  /** PostgreSQL; null keeps SQLite in `data_dir/berth.db`. */
  readonly database_url: string | null;
  readonly public_origin: string;
  /** 64 hex characters; null reads or makes `data_dir/service.key`. */
  readonly service_key: string | null;
  /** 64 hex characters; null reads or makes `data_dir/webhook.key`. */
  readonly webhook_key: string | null;
  /** Whether events are sent by http to this very machine, which demos and tests need. */
  readonly webhook_loopback: boolean;
  readonly demo: boolean;
  readonly log_level: (typeof LOG_LEVELS)[number];
  /** The folder of the built website; null serves the API alone. */
  readonly website_build: string | null;
  readonly trust_proxy: TrustProxy;
  /** Off only where one client stands for many, as in a benchmark. */
  readonly rate_limits: boolean;
  /** How contracts are paid: `off` leaves it to the parties. */
  readonly payments: (typeof paymentWays)[number];
  /** Stripe's account, by which cards are taken; null takes none. */
  readonly stripe: {
    readonly secret_key: string;
    readonly webhook_secret: string;
    /** The origin of its API; null is Stripe's own. */
    readonly api_base: string | null;
  } | null;
  /** The bank's details, for who pays in; empty where there are none. */
  readonly wire_details: string;
  /** The account that payouts are paid from, for the bank's files; null makes none. */
  readonly payouts_from: { readonly holder: string; readonly iban: string } | null;
  /** The canister that is followed; null follows none. */
  readonly icp_canister: string | null;
  /** The origin of the Internet Computer that is asked for the canister. */
  readonly icp_host: string;
  /** How mail is sent: by a server, or as files in a folder; null where none is. */
  readonly mail: {
    readonly from: { readonly name: string; readonly address: string };
    readonly smtp_url: string | null;
    readonly folder: string;
  } | null;
  /** Where the European Central Bank's daily file is; null where currencies are not compared. */
  readonly rates_url: string | null;
  /** Who the marketplace is on invoices for its commission; null says its name alone. */
  readonly house: {
    readonly name: string;
    readonly address: readonly string[];
    readonly country: string;
    readonly vat_id: string | null;
  } | null;
  /** The REST API of the EU's register of VAT ids; null where nobody is asked. */
  readonly vies_url: string | null;
}

/** Settings whose value must not be printed. */
const SECRET: ReadonlySet<string> = new Set([
  'SERVICE_KEY',
  'WEBHOOK_KEY',
  'DATABASE_URL',
  'SMTP_URL',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
]);

/** Reads the settings; throws a StartError with one sentence that names the first wrong one. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const read = settings.safeParse(given);
  if (!read.success) throw startError(sentenceOf(read.error, given));
  const { data } = read;
  const production = data.NODE_ENV === 'production';
  if (production && data.DEMO === 'on') {
    throw startError('DEMO is "on", but with NODE_ENV=production it should be off.');
  }
  if (production && data.WEBHOOK_LOOPBACK === 'on') {
    throw startError('WEBHOOK_LOOPBACK is "on", but with NODE_ENV=production it should be off.');
  }
  return {
    production,
    port: data.PORT,
    host: data.HOST,
    data_dir: resolve(data.DATA_DIR),
    database_url: data.DATABASE_URL ?? null,
    public_origin: data.PUBLIC_ORIGIN ?? `http://localhost:${data.PORT}`,
    service_key: data.SERVICE_KEY ?? null,
    webhook_key: data.WEBHOOK_KEY ?? null,
    webhook_loopback: data.WEBHOOK_LOOPBACK === 'on',
    demo: data.DEMO === 'on',
    log_level: data.LOG_LEVEL,
    website_build: data.WEBSITE_BUILD === 'off' ? null : resolve(data.WEBSITE_BUILD),
    trust_proxy: data.TRUST_PROXY,
    rate_limits: data.RATE_LIMITS === 'on',
    payments: data.PAYMENTS,
    stripe: stripeOf(data, production),
    wire_details: data.WIRE_DETAILS,
    payouts_from: payoutsFrom(data),
    icp_canister: data.ICP_CANISTER === 'off' ? null : data.ICP_CANISTER,
    icp_host: data.ICP_HOST,
    rates_url: data.RATES_URL === 'off' ? null : data.RATES_URL,
    house: houseOf(data),
    vies_url: data.VIES_URL === 'off' ? null : data.VIES_URL,
    mail: mailOf(data),
  };
}

/** A demo without a server keeps its mail in a folder; what is no demo has to name one. */
function mailOf(data: z.output<typeof settings>): Config['mail'] {
  const { SMTP_URL: smtp_url = null, MAIL_FROM: sender, MAIL_FOLDER: named, DEMO } = data;
  if (smtp_url === null && named === undefined && DEMO === 'off') return null;
  if (smtp_url !== null && named !== undefined) {
    throw startError('SMTP_URL and MAIL_FOLDER are both set, but mail goes one way; choose one.');
  }
  if (smtp_url !== null && sender === undefined) {
    throw startError(`MAIL_FROM is not set, but with SMTP_URL it should be ${SENDER}.`);
  }
  const from = findSender(sender ?? DEMO_SENDER);
  if (from === null) throw startError(`MAIL_FROM should be ${SENDER}.`);
  return { from, smtp_url, folder: resolve(named ?? join(data.DATA_DIR, 'mail')) };
}
const DEMO_SENDER = 'Berth <mail@berth.example>';

/** Name, address and country go together; a VAT id is that of the country. */
function houseOf({
  HOUSE_NAME: name,
  HOUSE_ADDRESS: address,
  HOUSE_COUNTRY: country,
  HOUSE_VAT_ID: typed,
}: z.output<typeof settings>): Config['house'] {
  if (name === undefined || address === undefined || country === undefined) {
    if ([name, address, country, typed].every((one) => one === undefined)) return null;
    throw startError('Of HOUSE_NAME, HOUSE_ADDRESS and HOUSE_COUNTRY set all three, or none.');
  }
  const vat_id = typed === undefined ? null : readVatId(typed, country);
  if (typed !== undefined && vat_id === null) {
    throw startError(`HOUSE_VAT_ID is "${typed}", but it should be a VAT id of ${country}.`);
  }
  return { name, address: address.split(';').map((line) => line.trim()), country, vat_id };
}

/** Both or neither: a file names whose account it is. */
function payoutsFrom({
  PAYOUT_HOLDER: holder,
  PAYOUT_IBAN: iban,
}: z.output<typeof settings>): Config['payouts_from'] {
  if (holder !== undefined && iban !== undefined) return { holder, iban };
  if (holder === undefined && iban === undefined) return null;
  throw startError('Of PAYOUT_HOLDER and PAYOUT_IBAN only one is set; set both, or neither.');
}

/** Whose cards are taken; a production takes real ones, at Stripe itself. */
function stripeOf(
  {
    PAYMENTS,
    STRIPE_SECRET_KEY: secret_key,
    STRIPE_WEBHOOK_SECRET: webhook_secret,
    STRIPE_API_BASE: api_base,
  }: z.output<typeof settings>,
  production: boolean,
): Config['stripe'] {
  if (secret_key === undefined) return null;
  if (PAYMENTS === 'off') {
    throw startError('STRIPE_SECRET_KEY is set, but PAYMENTS is "off"; set it to "balance".');
  }
  if (webhook_secret === undefined) {
    throw startError('STRIPE_SECRET_KEY is set, so STRIPE_WEBHOOK_SECRET has to be set too.');
  }
  if (production && secret_key.includes('_test_')) {
    throw startError('STRIPE_SECRET_KEY is a test key, which NODE_ENV=production does not take.');
  }
  if (production && api_base !== undefined) {
    throw startError('STRIPE_API_BASE is set, which NODE_ENV=production does not take.');
  }
  return { secret_key, webhook_secret, api_base: api_base ?? null };
}

function sentenceOf(error: z.ZodError, given: NodeJS.ProcessEnv): string {
  const issue = error.issues[0];
  const name = String(issue?.path[0]);
  const value = SECRET.has(name) ? 'set to something else' : JSON.stringify(given[name]);
  return `${name} is ${value}, but it should be ${issue?.message ?? 'another value'}.`;
}

/** The headers by which the website's handler learns the public origin; set on each request. */
export const WEBSITE_PROTOCOL_HEADER = 'x-berth-protocol';
export const WEBSITE_HOST_HEADER = 'x-berth-host';
/** Tells the website's thread which visit a page is rendered for. */
export const WEBSITE_VISIT_HEADER = 'x-berth-visit';

/** The website's handler reads its own settings from the environment when it is first imported. */
export function prepareWebsiteEnvironment(): void {
  process.env['PROTOCOL_HEADER'] = WEBSITE_PROTOCOL_HEADER;
  process.env['HOST_HEADER'] = WEBSITE_HOST_HEADER;
}
