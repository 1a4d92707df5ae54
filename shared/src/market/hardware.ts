import { foldName, foldText } from './fold.ts';
import { hardware, type Hardware } from './hardware-table.ts';
import { nearest } from './nearest.ts';

const MAX_MODEL_TEXT = 200;

/** Words that say nothing about which model it is. */
const NOISE =
  /\b(nvidia|geforce|tesla|quadro|amd|radeon|instinct|intel|habana|graphics|cards?|gpus?|hgx|dgx|oam|data ?center|accelerator|generation|edition|blackwell|hopper|ampere|volta|turing|hbm\d?e?|gddr\d?x?|tensor|core|cc|fhhl|mega|vws|ib|infiniband|ac|gen ?\d|q(?= rtx))\b/g;
const COUNT = /(^|\s)\d{1,4} ?[x×](?=\s|[a-z]{1,3}\d)|\s[x×] ?\d{1,4}(?=\s|$)/g;
const MEMORY = /\b(\d{1,3}) ?g(?:i?b)?\b/;
/** The builds of a model, as a row's name has them, by how people write them. */
const builds: readonly [RegExp, string][] = [
  [/pcie?\b/g, 'PCIe'],
  [/sxm ?\d?\b/g, 'SXM'],
  [/nvl(?: ?\d+)?\b/g, 'NVL'],
  [/nvlink\b/g, 'SXM'],
  [/\bmax ?q\b/g, 'Max-Q'],
  [/\b(?:server|se)\b|(?<=pro ?6000) ?s\b/g, 'Server'],
  [/\b(?:workstation|we|ws|wk)\b|(?<=pro ?6000) ?w[sk]\b/g, 'Workstation'],
];

/** Writings that hide what they mean, and how they are read. */
const rewritten: readonly [RegExp, string][] = [
  [/\((ada)[^)]*\)/g, ' $1 '],
  [/\bgeforce(?=[rg]tx)/g, ''],
  // "RTX 4070S Ti", "GTX 1660S": the letter stands for Super.
  [/\b((?:[rg]tx ?)?(?:16|20|40)\d0) ?s ?(ti)?\b/g, '$1 $2 super'],
  [/\brtx (\d000)(?= .*blackwell)/g, 'rtx pro $1'],
  [/\b(mi\d+[ax]) o\b/g, '$1'],
];

/** Other names of families, folded; those without `RTX`, `GTX` and `RX` are made below. */
const otherNames: Readonly<Record<string, string>> = {
  rtx6000pro: 'RTX PRO 6000',
  '6000pro': 'RTX PRO 6000',
  rtxproa6000: 'RTX PRO 6000',
  rtx6000adalovelace: 'RTX 6000 Ada',
  rtxa6000ada: 'RTX 6000 Ada',
  a6000ada: 'RTX 6000 Ada',
  a5000ada: 'RTX 5000 Ada',
  rtx4000adasff: 'RTX 4000 SFF Ada',
  rtx4000sff: 'RTX 4000 SFF Ada',
  rtxa30: 'A30',
  t4g: 'T4',
  v520: 'Radeon PRO V520',
  v620: 'Radeon PRO V620',
  v710: 'Radeon PRO V710',
  w6800: 'Radeon PRO W6800',
  w7800: 'Radeon PRO W7800',
  w7900: 'Radeon PRO W7900',
  r9700: 'Radeon AI PRO R9700',
  a770: 'Arc A770',
  b580: 'Arc B580',
  b50: 'Arc Pro B50',
  b60: 'Arc Pro B60',
  b70: 'Arc Pro B70',
  gaudi1: 'Gaudi',
  gaudihl205: 'Gaudi',
  hl205: 'Gaudi',
  hl225: 'Gaudi 2',
  hl325: 'Gaudi 3',
  hl325l: 'Gaudi 3',
};

interface Said {
  key: string;
  build: string | null;
  memory_gib: number | null;
}

/** A model's text apart: `NVIDIA A100-SXM4-40GB` is `a100`, `SXM` and 40. */
function partsOf(text: string): Said {
  const seen = text.slice(0, MAX_MODEL_TEXT).replace(/[™®©]/g, ' ');
  const spaced = rewritten.reduce(
    (said, [pattern, by]) => said.replace(pattern, by),
    foldText(seen).replace(/[^\p{L}\p{N}()×]+/gu, ' '),
  );
  const memory = MEMORY.exec(spaced)?.[1];
  let rest = ` ${spaced} `
    .replace(/\([^)]*\)/g, ' ')
    .replace(COUNT, ' ')
    .replace(NOISE, ' ');
  let build: string | null = null;
  for (const [pattern, name] of builds) {
    const without = rest.replace(pattern, ' ');
    if (without !== rest) build ??= name;
    rest = without;
  }
  const key = foldName(rest.replace(new RegExp(MEMORY, 'g'), ' '));
  return { key, build, memory_gib: memory === undefined ? null : Number(memory) };
}

function makeFamilies(): Map<string, Hardware[]> {
  const byFamily = Map.groupBy(hardware, ({ family }) => family);
  const found = new Map<string, Hardware[]>();
  for (const [family, rows] of byFamily) {
    const { key } = partsOf(family);
    found.set(key, rows);
    const bare = key.replace(/^(?:rtx|gtx|rx)/, '');
    if (!found.has(bare)) found.set(bare, rows);
  }
  for (const [key, family] of Object.entries(otherNames)) {
    found.set(key, byFamily.get(family) ?? []);
  }
  return found;
}

let families: Map<string, Hardware[]> | undefined;

/**
 * Every model that a text may mean, so `A100 80GB` is two; none where it names no known one. What
 * no model of its family has, as `48GB` of an RTX 4090, is passed over.
 */
export function modelsOf(text: string): readonly Hardware[] {
  families ??= makeFamilies();
  const { key, build, memory_gib } = partsOf(text);
  const rows = families.get(key) ?? [];
  const built = build === null ? rows : rows.filter(({ name }) => name.includes(build));
  const some = built.length === 0 ? rows : built;
  const sized = some.filter((row) => row.memory_gib === memory_gib);
  return sized.length === 0 ? some : sized;
}

/** The model that a text means, with the memory that an offering says beside it. */
export function findHardware(text: string, memory_gib?: number | null): Hardware | null {
  const models = modelsOf(text);
  return models.find((model) => model.memory_gib === memory_gib) ?? models[0] ?? null;
}

const vendorWords: readonly [RegExp, Hardware['vendor']][] = [
  [/nvidia|geforce|tesla|quadro|[rg]tx/, 'nvidia'],
  [/amd|radeon|instinct/, 'amd'],
  [/intel|habana|gaudi/, 'intel'],
];

/** Who makes a GPU, by its model or else by what it is called; null where neither says it. */
export function vendorOf(text: string): Hardware['vendor'] | null {
  const folded = foldName(text.slice(0, MAX_MODEL_TEXT));
  const said = vendorWords.find(([words]) => words.test(folded));
  return modelsOf(text)[0]?.vendor ?? said?.[1] ?? null;
}

/** `NVIDIA A100-SXM4-40GB` -> `A100`; null for a model that is not known. */
export const familyOf = (text: string): string | null => modelsOf(text)[0]?.family ?? null;

const MOST_ALIKE = 6;

/** Families that a name which is not known may be meant for: its numbers, or nearly its letters. */
export function alikeTo(text: string): string[] {
  const all = [...new Set(hardware.map(({ family }) => family))];
  const number = (text.match(/\d{2,4}/g) ?? []).toSorted((a, b) => b.length - a.length)[0];
  const near = nearest(text.replace(NOISE, ''), all, () => []);
  const same = number === undefined ? [] : all.filter((family) => family.includes(number));
  return [...new Set([...(near === null ? [] : [near]), ...same])].slice(0, MOST_ALIKE);
}
