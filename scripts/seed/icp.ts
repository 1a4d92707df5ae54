/** The demo's made-up icp: what was agreed on chain before Berth, and lives on in it. */
import { makeFakeIcp } from '../../api/src/adapters/fake/icp.ts';
import { importIcp } from '../../api/src/modules/icp-import/index.ts';
import {
  checkIn,
  makeIcp,
  offering,
  profile,
  register,
  reply,
  reputation,
  request,
  transfer,
  type Chain,
} from '../../api/test/icp.ts';
import { makePerson, type Person } from '../../api/test/people.ts';
import { principalBytesOf } from '@berth/shared/signing/principal';
import { toHex } from '@berth/shared/signing/bytes';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import type { Actors } from './actors.ts';
import type { World } from './world.ts';

/** How long before the import its first block was written, in days. */
const WRITTEN_DAYS = 30;
const CHECKED_IN_DAYS = 9;
const SECOND_MS = 1_000;

const COLUMNS =
  'Offer Name,Description,Product Type,Unique Internal identifier,Currency,Monthly price,Stock,' +
  'Processor Cores,Memory Amount,Total Solid State Disk Capacity,Uplink speed,Datacenter Country,' +
  'Datacenter City,GPU Name';

/** Who nobody has signed in as yet: their keys are thrown away with the seed's process. */
export const icpProviders = [
  {
    name: 'Maas Compute',
    rows: [
      'Maas VPS 8,"Eight cores on the quay, agreed on chain",VPS,maas-8,EUR,34.5,12,8,16384 MB,320 GB,1000 mbit,NL,Rotterdam,',
      'Maas RTX 4090,One card and a fast disk,Dedicated,maas-4090,USD,289,3,16,64 GB,2 TB,10 gbit,NL,Rotterdam,RTX 4090',
    ],
  },
  {
    name: 'Tarn Hosting',
    rows: [
      'Tarn Root 32,Bare metal in the south,Dedicated,tarn-32,EUR,79,5,12,32 GB,960 GB,1 gbit,FR,Toulouse,',
    ],
  },
] as const;
const OWN_ROWS = [
  'Lowland A4000 on chain,Listed on the Internet Computer before Berth,Dedicated,lowland-a4000,USD,149,2,12,64 GB,1 TB,1 gbit,NL,Amsterdam,RTX A4000',
];
/** What people of the demo agreed on chain: Mira with both above, a studio with Lowland Metal. */
export const ICP_CONTRACTS = 3;

const file = (rows: readonly string[]): string => [COLUMNS, ...rows].join('\n');
const principal = ({ account_key }: Person) => ({
  owner: toHex(principalBytesOf(account_key.public_key)),
  sub: null,
});

/** Writes a chain whose last block is a moment old and imports it as any other. */
export async function bringIcp(world: World, actors: Actors, other: string): Promise<void> {
  const [mira, lowland, studio] = await Promise.all(
    ['mira-okafor', 'lowland-metal', other].map((handle) => actors.as(handle)),
  );
  if (!mira || !lowland || !studio) throw new Error('The demo’s people have not joined');
  const [maas, tarn] = icpProviders.map(({ name, rows }) => ({ ...makePerson(), name, rows }));
  if (!maas || !tarn) throw new Error('The demo’s icp has two providers');
  const chain = makeIcp();
  const now_ms = world.clock.nowMs();
  const to = (ago_ms: number) => passTo(chain, now_ms - ago_ms);
  to(WRITTEN_DAYS * DAY_MS);
  for (const one of [maas, tarn]) {
    chain.add(register(one), profile(one, one.name));
    chain.add(offering(one, file(one.rows)));
  }
  chain.add(register(lowland), offering(lowland, file(OWN_ROWS)));
  chain.add(...transfers(maas, mira), reputation([maas, 120n], [tarn, 45n], [lowland, 300n]));
  for (let day = CHECKED_IN_DAYS; day >= 1; day -= 1) {
    to(day * DAY_MS);
    chain.add(checkIn(maas), checkIn(lowland));
  }
  const accepted = request(mira, maas, asking('maas-4090', 7n, 67_433_000_000n));
  to(10 * HOUR_MS);
  chain.add(accepted.entry, request(studio, lowland, asking('lowland-a4000', 14n)).entry);
  to(5 * HOUR_MS);
  chain.add(reply(maas, accepted, true), request(mira, tarn, asking('tarn-32', 30n)).entry);
  const port = makeFakeIcp(chain.bytes());
  const { outcome, detail } = await importIcp(world.deps, { port, source: 'the demo' });
  if (outcome !== 'done') throw new Error(`The demo’s icp was not imported: ${detail ?? ''}`);
}

const DAILY_E9S = 4_100_000_000n;
const asking = (offering_id: string, days: bigint, amount_e9s = DAILY_E9S * days) => ({
  offering_id,
  contact: '',
  region: null,
  memo: 'Agreed on chain; please set it up here.',
  amount_e9s,
  payments: [{ pricing_model: 'on_demand', unit: 'day', quantity: days, amount_e9s }],
});

/** The world has moved on since `makeIcp` begins: lets that time go by for the chain too. */
function passTo(chain: Chain, at_ms: number): void {
  chain.wait(Math.round((at_ms - chain.next_ms()) / SECOND_MS));
}

const AMOUNT_E9S = 25_000_000_000n;
const transfers = (provider: Person, renter: Person) =>
  [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((n) =>
    transfer(`demo ${n}`, {
      from: n % 3n === 0n ? principal(provider) : principal(renter),
      to: n % 3n === 0n ? principal(renter) : principal(provider),
      amount_e9s: AMOUNT_E9S * n,
    }),
  );
