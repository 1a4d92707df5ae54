import type { Currency } from '../money.ts';
import { foldName, foldText } from './fold.ts';
import { modelsOf } from './hardware.ts';
import { hardware } from './hardware-table.ts';
import { writeTerm } from './query-write.ts';
import { systems } from './phrases.ts';

/** What the other words of a search are about. */
export interface About {
  gpu: boolean;
  /** Whether it is rented by the month, as servers and storage are. */
  monthly: boolean;
  storage: boolean;
}

/** What an amount means: a query, and the currency that it is in where it says one. */
export interface Measure {
  means: string;
  currency: Currency | null;
}

type Reader = (text: string, about: About) => Measure | null;

const bounds = {
  '<': 'under|below|less than|cheaper than|<',
  '<=': 'up to|at most|max|maximum|within|<=',
  '>': 'over|above|more than|>',
  '>=': 'at least|min|minimum|from|>=',
};
const BOUND = `(?:(${Object.values(bounds).join('|')}) ?)?`;
const NUMBER = String.raw`(\d{1,9}(?:\.\d{1,9})?)`;
/** Between the ends of a range; without a mark only after `between`, as `and` joins terms. */
const TO = String.raw`(?: ?(?:-|–|\.\.) ?| to )`;
const pattern = (source: string): RegExp => new RegExp(`^${source}$`);

const opOf = (said: string | undefined, fallback: string): string => {
  const found = Object.entries(bounds).find(([, words]) => words.split('|').includes(said ?? ''));
  return found?.[0] ?? fallback;
};
const meaning = (means: string, currency: Currency | null = null): Measure => ({
  means,
  currency,
});

const signs: Record<string, Currency> = { $: 'USD', '€': 'EUR', '£': 'GBP' };
const codes: readonly [RegExp, Currency][] = [
  [/^(usd|us\$|\$|dollars?|bucks)$/, 'USD'],
  [/^(eur|€|euros?)$/, 'EUR'],
  [/^(gbp|£|pounds?)$/, 'GBP'],
  [/^(chf|francs?)$/, 'CHF'],
  [/^icp$/, 'ICP'],
  [/^dct$/, 'DCT'],
];
const HOUR = String.raw` ?(?:\/ ?|per |an |a |each )(?:h|hr|hour)| hourly`;
const MONTH = String.raw` ?(?:\/ ?|per |a |each )(?:mo|month)| monthly`;
const THOUSANDS = /^[1-9]\d{0,2}\.\d{3}$/;
const PRICE = pattern(`${BOUND}([$€£]?) ?${NUMBER} ?([a-z$€£]{1,7})?(?:(${HOUR})|(${MONTH}))?`);

const SIGNED = `([$€£]?) ?${NUMBER} ?((?!to )[a-z$€£]{1,7})?`;
const PRICES = pattern(`(between |from )?${SIGNED}(${TO}| )${SIGNED}(?:(${HOUR})|(${MONTH}))?`);

/** The lesser first, whichever was said first. */
const rangeOf = (one: string, other: string): string =>
  Number(one) <= Number(other) ? `${one}..${other}` : `${other}..${one}`;

/** `between $1 and $2`, `$1-2 an hour`, `10 to 20 euro a month`. */
const readPrices: Reader = (text, { monthly }) => {
  const [, before, sign, low, code, mark, otherSign, high, otherCode, hour, month] =
    PRICES.exec(text) ?? [];
  if (low === undefined || high === undefined) return null;
  if (mark === ' ' && before !== 'between ') return null;
  const said = [sign, code, otherSign, otherCode].filter((one) => one !== undefined && one !== '');
  const named = new Set(said.map((one) => codes.find(([as]) => as.test(one!))?.[1] ?? null));
  const [currency = null] = named;
  const isRate = hour !== undefined || month !== undefined;
  if (named.size > 1 || (currency === null && (said.length > 0 || !isRate))) return null;
  const isMonth = hour === undefined && (month !== undefined || monthly);
  return meaning(`${isMonth ? 'monthly' : 'price'}:${rangeOf(low, high)}`, currency);
};

/** `under $2`, `max 50 euro per month`; without a currency only by the hour or the month. */
const readPrice: Reader = (text, { monthly }) => {
  const [, bound, sign = '', number, code = '', hour, month] = PRICE.exec(text) ?? [];
  if (number === undefined) return null;
  const named = codes.find(([as]) => as.test(code))?.[1] ?? null;
  const currency = signs[sign] ?? named;
  // `1.000 €` is a thousand to those who pay in it, and one to others.
  if (currency !== 'USD' && THOUSANDS.test(number)) return null;
  if (code !== '' && named === null) return null;
  const isRate = hour !== undefined || month !== undefined;
  if (currency === null && (bound === undefined || !isRate)) return null;
  const isMonth = hour === undefined && (month !== undefined || monthly);
  return meaning(`${isMonth ? 'monthly' : 'price'}:${opOf(bound, '<=')}${number}`, currency);
};

const ofGpu = 'vram|gpu memory|gpu ram|video memory|video ram|graphics memory';
const ofDisk = 'disk|ssd|nvme|hdd|nvme ssd|disk space|storage|space|hard disk';
const ofTraffic = 'traffic|transfer|bandwidth';
const SIZED = `(${ofGpu}|memory|ram|${ofDisk}|${ofTraffic})`;
/** Before its size `storage` is a kind of offering. */
const SIZED_FIRST = `(${ofGpu}|memory|ram|disk|ssd|nvme|hdd|traffic)`;
const UNIT = String.raw` ?(?:([mgtp])i?b|(?<=\d)([gt]))\+?`;
const SIZE = `${BOUND}${NUMBER}(?:${TO}${NUMBER})?${UNIT}`;
const SIZE_FIRST = pattern(`${SIZE}(?: (?:of )?${SIZED})?`);
const SIZE_LAST = pattern(`${SIZED_FIRST} (?:of )?${SIZE}`);
/** `10g` may as well be the speed of a line. */
const SPEEDS = ['1', '2.5', '10', '25', '40', '50', '100', '200', '400', '800'];

function sizeField(said: string, unit: string, { gpu, storage }: About): string {
  const isOne = (names: string) => names.split('|').includes(said);
  if (isOne(ofGpu)) return 'gpu_memory';
  if (isOne(ofDisk)) return 'disk';
  if (isOne(ofTraffic)) return 'traffic';
  if (said !== '') return 'memory';
  if (storage || unit === 't' || unit === 'p') return 'disk';
  return gpu ? 'gpu_memory' : 'memory';
}

/** `24gb` beside a GPU is the GPU's, `64 GB RAM` the machine's, `2tb nvme` the disk's. */
const readSize: Reader = (text, about) => {
  const first = SIZE_FIRST.exec(text);
  const last = first ? null : SIZE_LAST.exec(text);
  const [bound, number, other, whole, short, said] = first
    ? first.slice(1)
    : last
      ? [...last.slice(2), last[1]]
      : [];
  const unit = whole ?? short;
  if (number === undefined || unit === undefined) return null;
  const isBare = said === undefined && short === 'g' && !about.gpu;
  if ((isBare && SPEEDS.includes(number)) || (other !== undefined && bound !== undefined)) {
    return null;
  }
  const field = sizeField(said ?? '', unit, about);
  const kind = field === 'disk' ? /nvme|ssd|hdd/.exec(said ?? '')?.[0] : undefined;
  const kinds = kind === 'ssd' ? 'ssd,nvme' : kind;
  const asked = other === undefined ? opOf(bound, '>=') + number : rangeOf(number, other);
  const size = `${field}:${asked}${unit.toUpperCase()}B`;
  return meaning(kinds === undefined ? size : `${size} disk_kind:${kinds}`);
};

const CORES = pattern(
  String.raw`${BOUND}(\d{1,4})\+? ?(?:vcpus?|v?cores?|cpus?|threads?|cpu cores?)`,
);
const readCores: Reader = (text) => {
  const [, bound, number] = CORES.exec(text) ?? [];
  return number === undefined ? null : meaning(`vcpus:${opOf(bound, '>=')}${number}`);
};

const CARDS = pattern(String.raw`${BOUND}(\d{1,3})\+? ?x? ?(?:gpus?|cards?|graphics cards?)`);
const readCards: Reader = (text) => {
  const [, bound, number] = CARDS.exec(text) ?? [];
  if (number === undefined) return null;
  const op = opOf(bound, text.includes('+') ? '>=' : '');
  return meaning(`kind:gpu gpu_count:${op}${number}`);
};

const LINE = ' (?:uplink|port|network|internet|connection|line|bandwidth)';
const SPEED = pattern(
  String.raw`${BOUND}${NUMBER} ?(?:([gmt])(?:bits?|bps|bit\/s|b\/s)\+?(?:${LINE})?|(g)${LINE})`,
);
const readSpeed: Reader = (text) => {
  const [, bound, number, whole, short] = SPEED.exec(text) ?? [];
  const unit = whole ?? short;
  if (number === undefined || unit === undefined) return null;
  return meaning(`uplink:${opOf(bound, '>=')}${number}${unit.toUpperCase()}bit`);
};

const VERSION = String.raw`(\d{1,4}(?:\.\d{1,2})?)`;
const SYSTEM = pattern(`(${systems.map(foldText).join('|')}) ?${VERSION}`);
const TOOLKIT = pattern(`(cuda|rocm) ?${VERSION}`);
const readSystem: Reader = (text) => {
  const [, name, version] = SYSTEM.exec(text) ?? [];
  const system = systems.find((one) => foldText(one) === name);
  if (system !== undefined) return meaning(`os:"${system} ${version}"`);
  const [, kit, number] = TOOLKIT.exec(text) ?? [];
  return kit === undefined ? null : meaning(`os:"${kit.toUpperCase()} ${number}"`);
};

const COUNT_FIRST = /^(\d{1,3}) ?[x×] ?(.+)$/;
const COUNT_LAST = /^(.+?)(?: x ?| ?× ?)(\d{1,3})$/;
const MEMORY = /\d ?g(i?b)?$|\d ?g(i?b)? /;
/** As many as `h100/a100/l40s` may name. */
const MAX_SIDES = 4;
/** A number alone is a GPU's where it is like 4090, and not where it is like 2000. */
const BARE = /^\d+$/;
const BARE_GPU = /^\d{4}(?<!00)$/;
/** These words have a meaning of their own. */
const NOUN = /\b(?:gpu|card)s?\b/;
/** What the name of every family has in it: a quick no for most texts. */
const NAMED = new RegExp(
  [
    ...new Set(
      hardware.flatMap(({ family }) => foldText(family).match(/[a-z]*\d+|titan|gaudi/g) ?? []),
    ),
    'hl',
  ].join('|'),
);

/** A GPU by the name of its family, or of its model where only one is meant. */
function gpuNamed(text: string): string | null {
  const isNoun = NOUN.test(text) || MEMORY.test(text);
  if (isNoun || !NAMED.test(foldName(text)) || (BARE.test(text) && !BARE_GPU.test(text))) {
    return null;
  }
  const found = modelsOf(text);
  // `H100s`, and not `L40S`.
  const models = found.length === 0 && text.endsWith('s') ? modelsOf(text.slice(0, -1)) : found;
  const [first] = models;
  if (first === undefined) return null;
  const family = hardware.filter((one) => one.family === first.family);
  return models.length === family.length ? first.family : models.length === 1 ? first.name : text;
}

const readGpu: Reader = (text) => {
  const sides = text.split('/');
  if (sides.length > 1) {
    const names = sides.map((one) => gpuNamed(one.trim()));
    const isEach = names.length <= MAX_SIDES && names.every((one) => one !== null);
    return isEach ? meaning(`gpu:${names.map((one) => writeTerm('gpu', one)).join()}`) : null;
  }
  const [, before, named = text] = COUNT_FIRST.exec(text) ?? [];
  const [, alone = named, after] = before === undefined ? (COUNT_LAST.exec(text) ?? []) : [];
  const name = gpuNamed(alone);
  const count = before ?? after;
  if (name === null) return null;
  const gpu = `gpu:${writeTerm('gpu', name)}`;
  return meaning(count === undefined ? gpu : `${gpu} gpu_count:${Number(count)}`);
};

const HOURS_OF: Readonly<Record<string, string>> = { h: 'h', d: 'd', w: 'w', m: 'mo' };
const TIME = pattern(
  String.raw`(?:for (\d{1,4}|an?|one) ?(h|d|w|mo|hrs?|hours?|days?|weeks?|months?)` +
    String.raw`|(\d{1,4}) ?(hours?|days?|weeks?|months?))`,
);

/** `for 3 days`: what can be rented for so long. */
const readTime: Reader = (text) => {
  const [, said, of, bare, unit = of] = TIME.exec(text) ?? [];
  const count = bare ?? said;
  if (count === undefined || unit === undefined) return null;
  const time = `${/\d/.test(count) ? Number(count) : 1}${HOURS_OF[unit.charAt(0)]}`;
  return meaning(`min_hours:<=${time} max_hours:>=${time}`);
};

/** `dual 4090`, `two gpus`. */
const counts: Readonly<Record<string, number>> = {
  ...{ single: 1, dual: 2, two: 2, four: 4, quad: 4, eight: 8, octa: 8 },
};
const inFigures = (text: string): string => {
  const [first = '', ...rest] = text.split(' ');
  const count = rest.length === 0 ? undefined : counts[first];
  return count === undefined ? text : `${count}x ${rest.join(' ')}`;
};

const readers: readonly Reader[] = [
  ...[
    readPrice,
    readPrices,
    readTime,
    readSize,
    readCores,
    readCards,
    readSpeed,
    readSystem,
    readGpu,
  ],
];

/** What some words say with a number in it, or by the name of a GPU; null where they do not. */
export function findMeasure(words: readonly string[], about: About): Measure | null {
  const text = inFigures(words.map(foldText).join(' '));
  if (!/\d|titan|gaudi|^for /.test(text)) return null;
  for (const read of readers) {
    const found = read(text, about);
    if (found !== null) return found;
  }
  return null;
}
