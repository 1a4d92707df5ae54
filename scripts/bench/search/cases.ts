/**
 * What people search for, each search with the plain SQL that finds the same rows in the same
 * order. Every draw is another search, so that nothing is answered from memory of the last one.
 */
import { regionsOf, type Region } from '@berth/shared/market/regions';
import { SEARCH_HOURS, type SearchSort } from '@berth/shared/market/schemas';
import { countries } from '@berth/shared/offerings/catalogue';
import { evenly, type Draw } from '../../seed/large/draw.ts';

export interface Search {
  q: string;
  hours: number;
  /** Conditions on `offerings o` and `provider_records r`. */
  where: string;
}

export interface SearchCase {
  name: string;
  sort: SearchSort;
  ask(draw: Draw): Search;
}

const pickGpu = evenly(['RTX 4090', 'RTX 5090', 'RTX 3090', 'L40S', 'RTX A6000', 'A40']);
const pickFamily = evenly(['H100', 'A100']);
const pickCountry = evenly(['US', 'DE', 'NL', 'FI', 'FR', 'GB', 'CA', 'JP', 'SG', 'IN']);
const pickRegion = evenly(['eu', 'europe', 'north_america', 'asia'] as const);
const pickUse = evenly(['inference', 'training', 'rendering', 'databases', 'simulation']);
const pickTrait = evenly(['liquid cooled', 'low latency', 'quiet neighbours', 'fast disks']);
const pickRare = evenly(['genomics', 'archives', 'backtesting', 'crawling', 'mail']);

const quoted = (text: string): string => `'${text}'`;
const list = (values: readonly string[]): string => values.map(quoted).join();
const inRegion = (region: Region): string =>
  list(
    countries()
      .map(({ code }) => code)
      .filter((code) => regionsOf(code).includes(region)),
  );
const month = (q: string, where: string): Search => ({ q, hours: SEARCH_HOURS, where });
const anyHours = (draw: Draw): Search => ({ q: '', hours: 1 + draw.below(2_000), where: '1' });
const words = (match: string): string =>
  `o.rowid IN (SELECT rowid FROM offering_words WHERE offering_words MATCH ${quoted(match)})`;
/** What an hour costs, fee included, in e9s: integers, as the search compares. */
const perHour = (most: number): string =>
  `o.currency = 'USD' AND ${totalSql(SEARCH_HOURS)} < ${most} * 1000000 * ${SEARCH_HOURS}`;

/** What renting for these hours costs, as `priceOf` has it. */
export const totalSql = (hours: number): string =>
  `(o.setup_fee_e9s + CASE o.unit WHEN 'hour' THEN o.price_e9s * ${hours}
    WHEN 'day' THEN (o.price_e9s * ${hours} + 23) / 24
    ELSE (o.price_e9s * ${hours} + 719) / 720 END)`;

export const searchCases: readonly SearchCase[] = [
  { name: 'everything', sort: 'best', ask: anyHours },
  { name: 'everything', sort: 'price', ask: anyHours },
  { name: 'everything', sort: 'newest', ask: anyHours },
  {
    name: 'a GPU model in stock',
    sort: 'price',
    ask(draw) {
      const gpu = pickGpu(draw);
      const hours = 1 + draw.below(2_000);
      const where = `o.gpu_model = ${quoted(gpu)} AND o.stock >= 1`;
      return { q: `gpu:"${gpu}" stock:>=1`, hours, where };
    },
  },
  {
    name: 'a GPU family, count, price and two countries',
    sort: 'best',
    ask(draw) {
      const [family, one, other] = [pickFamily(draw), pickCountry(draw), pickCountry(draw)];
      const price = 5_000 + draw.below(20_000);
      return month(
        `gpu:${family} gpu_count:>=4 price:<${price / 1_000} country:(${one} or ${other})`,
        `o.gpu_model LIKE '${family} %' AND o.gpu_count >= 4 AND ${perHour(price)}
          AND o.country IN (${list([one, other])})`,
      );
    },
  },
  {
    name: 'GPU memory in a region',
    sort: 'price',
    ask(draw) {
      const region = pickRegion(draw);
      const least = 16 + draw.below(80);
      return month(
        `gpu_memory:>=${least}GB region:${region}`,
        `o.gpu_memory_gib >= ${least} AND o.country IN (${inRegion(region)})`,
      );
    },
  },
  {
    name: 'a virtual server by size',
    sort: 'price',
    ask(draw) {
      const [vcpus, memory] = [2 + draw.below(10), 8 + draw.below(56)];
      return month(
        `kind:compute vcpus:${vcpus}..32 memory:>=${memory}GB disk_kind:nvme`,
        `o.kind = 'compute' AND o.vcpus BETWEEN ${vcpus} AND 32 AND o.memory_gib >= ${memory}
          AND o.disk_kind = 'nvme'`,
      );
    },
  },
  {
    name: 'a machine on a fast line',
    sort: 'memory',
    ask(draw) {
      const country = pickCountry(draw);
      const memory = 64 + draw.below(64);
      return month(
        `kind:dedicated country:${country} uplink:>=10Gbit unmetered:yes memory:>=${memory}GB`,
        `o.kind = 'dedicated' AND o.country = ${quoted(country)} AND o.uplink_mbps >= 10000
          AND o.unmetered = 1 AND o.memory_gib >= ${memory}`,
      );
    },
  },
  {
    name: 'storage in euros, not of one provider',
    sort: 'price',
    ask(draw) {
      const disk = 1 + draw.below(20);
      return month(
        `currency:EUR kind:storage disk:>=${disk}TB -provider:nobody-${disk}`,
        `o.currency = 'EUR' AND o.kind = 'storage' AND o.disk_gib >= ${disk * 1_024}`,
      );
    },
  },
  {
    name: 'spot machines of reliable providers',
    sort: 'reputation',
    ask(draw) {
      const percent = 50 + draw.below(45);
      return month(
        `commitment:spot gpu_count:8 reliability:>=${percent}%`,
        `o.commitment = 'spot' AND o.gpu_count = 8
          AND r.ended > 0 AND r.kept * 100 >= ${percent} * r.ended`,
      );
    },
  },
  {
    name: 'a frequent word and a country',
    sort: 'newest',
    ask(draw) {
      const [use, country] = [pickUse(draw), pickCountry(draw)];
      return month(
        `${use} country:${country}`,
        `${words(`${use} *`)} AND o.country = ${quoted(country)}`,
      );
    },
  },
  {
    name: 'a phrase among GPUs',
    sort: 'price',
    ask(draw) {
      const [trait, gpu] = [pickTrait(draw), pickGpu(draw)];
      return month(
        `"${trait}" gpu:"${gpu}"`,
        `${words(`"${trait}"`)} AND o.gpu_model = ${quoted(gpu)}`,
      );
    },
  },
  {
    name: 'two words, one of them rare',
    sort: 'best',
    ask(draw) {
      const [rare, use] = [pickRare(draw), pickUse(draw)];
      return month(`${rare} ${use}`, words(`${rare} * AND ${use} *`));
    },
  },
];
