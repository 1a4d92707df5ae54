/**
 * A market to measure on: people, offerings, and signed requests and moves that are ready to send.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ContractAction } from '@berth/shared/contracts/machine';
import { ledger } from '@berth/shared/ledger/endpoints';
import { MAX_AMOUNT_E9S } from '@berth/shared/money';
import { priceOf } from '@berth/shared/price';
import type { ContractView, HeadView } from '@berth/shared/contracts/schemas';
import { acceptanceOf, signMove } from '@berth/shared/contracts/sign';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { makePerson, signUp, type Client, type Server } from '../../api/test/people.ts';
import { deliveryOf, listOffering, signedRequest } from '../../api/test/rental.ts';
import type { Shot } from './load.ts';

const RENTERS = 64;
const OFFERINGS = 150;
const STOCK = 100_000;
const HOURS = 24;

export interface Market {
  origin: string;
  provider: Client;
  renters: Client[];
  offerings: OfferingView[];
}

/** Speaks HTTP where the tests' people speak to an app in their own process. */
export const serverAt = (origin: string): Server => ({
  clock: { now: () => new Date().toISOString(), nowMs: () => Date.now() },
  app: {
    async inject(options: unknown) {
      const { method, url, headers, payload } = options as Record<string, string> & {
        headers: Record<string, string>;
        payload?: object;
      };
      const response = await fetch(new URL(String(url), origin), {
        method: String(method),
        headers: { ...headers, ...(payload ? { 'content-type': 'application/json' } : {}) },
        ...(payload ? { body: JSON.stringify(payload) } : {}),
      });
      const text = await response.text();
      return {
        statusCode: response.status,
        headers: Object.fromEntries(response.headers),
        payload: text,
        json: () => JSON.parse(text) as unknown,
      };
    },
  } as unknown as Server['app'],
});

export async function makeMarket(
  origin: string,
  size = { renters: RENTERS, offerings: OFFERINGS },
): Promise<Market> {
  const server = serverAt(origin);
  const provider = await signUp(server, 'bench-provider', { person: makePerson() });
  const renters: Client[] = [];
  for (let n = 0; n < size.renters; n += 1) renters.push(await signUp(server, `bench-renter-${n}`));
  const offerings: OfferingView[] = [];
  for (let n = 0; n < size.offerings; n += 1) {
    offerings.push(await listOffering(provider, { title: `Node ${n}`, stock: STOCK }));
  }
  return { origin, provider, renters, offerings };
}

/** Pays in for each renter, as an admin books transfers. */
export async function payInFor(
  { provider, renters, offerings }: Market,
  data_dir: string,
): Promise<void> {
  await promisify(execFile)(
    process.execPath,
    ['scripts/admin.ts', 'grant', provider.account.handle],
    { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, DATA_DIR: data_dir } },
  );
  const { currency } = offerings[0] as OfferingView;
  for (const { account } of renters) {
    await provider.ask(ledger.transfer, {
      body: {
        ...{ direction: 'in', account: 'balance', currency, amount_e9s: MAX_AMOUNT_E9S.toString() },
        ...{ handle: account.handle, reference: `Paid in by ${account.handle}` },
      },
    });
  }
}

const shotOf = (client: Client, path: string, body: object): Shot => ({
  method: 'POST',
  path: `/api/v1${path}`,
  headers: {
    ...client.headers,
    'content-type': 'application/json',
    'idempotency-key': randomBytes(16).toString('hex'),
  },
  body: JSON.stringify(body),
});

/** Signed requests, spread over the renters. */
export function requestShots({ renters, offerings }: Market, count: number): Promise<Shot[]> {
  const offering = offerings[0] as OfferingView;
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const renter = renters[n % renters.length] as Client;
      const { body } = await signedRequest(renter, offering, { hours: HOURS });
      return shotOf(renter, '/contracts', body);
    }),
  );
}

export const headsOf = (bodies: readonly string[]): HeadView[] =>
  bodies.map((body) => JSON.parse(body) as HeadView);

/** The next move of each contract, signed by whoever makes it. Contract n belongs to renter n. */
export function moveShots(
  market: Market,
  heads: readonly HeadView[],
  action: ContractAction,
  digests: string[] = [],
): Promise<Shot[]> {
  return Promise.all(
    heads.map(async ({ contract_id, seq, hash, at }, n) => {
      const renter = market.renters[n % market.renters.length] as Client;
      const byRenter = action === 'open_credentials';
      const client = byRenter ? renter : market.provider;
      const view = viewLike(market, renter, contract_id, { seq, hash, at });
      const delivery = action === 'mark_provisioned' ? await deliveryOf(view, 'secret') : {};
      if (delivery.data) digests[n] = String(delivery.data.envelope_digest);
      const data = byRenter
        ? { envelope_digest: digests[n] }
        : action === 'accept'
          ? acceptanceOf(view)
          : (delivery.data ?? {});
      const body = await signMove(client.signer(byRenter ? 'renter' : 'provider'), {
        contract_id,
        head: { seq, hash, at },
        action,
        ...delivery,
        data,
      });
      return shotOf(client, `/contracts/${contract_id}/moves`, body);
    }),
  );
}

/** As much of a contract's view as accepting it and sealing to its renter need. */
function viewLike(
  { provider, offerings }: Market,
  renter: Client,
  contract_id: string,
  head: ContractView['head'],
) {
  const { price_e9s, unit, setup_fee_e9s, terms_hash, currency } = offerings[0] as OfferingView;
  const rate = { price_e9s: BigInt(price_e9s), unit, setup_fee_e9s: BigInt(setup_fee_e9s) };
  return {
    contract_id,
    head,
    terms_hash,
    hours: HOURS,
    total_e9s: priceOf(rate, HOURS).total_e9s.toString(),
    terms: { currency },
    operating_system: null,
    renter: { encryption_key: renter.encryption_key },
    provider: { key: provider.account.key },
  } as ContractView;
}
