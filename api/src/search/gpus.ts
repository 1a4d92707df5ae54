import { foldName } from '@berth/shared/market/fold';
import type { Hardware } from '@berth/shared/market/hardware-table';
import { modelsOf, vendorOf } from '@berth/shared/market/hardware';

/** What an offering's GPU is, as far as its text and memory say. */
export interface Gpu {
  key: string;
  /** The model's own name where it is one, else as the provider wrote it. */
  name: string;
  /** The models that it may be; none where it is not known. */
  models: readonly string[];
  /** Null where neither the model nor the text says it. */
  vendor: Hardware['vendor'] | null;
  /** Dense FP16 of one; the model meant by the family's name where several are possible. */
  tflops: number | null;
  /** What a search for words finds it by, besides what its provider wrote. */
  aliases: readonly string[];
}

const known = new Map<string, Gpu>();
/** The cache's limit, at which it is emptied: models are text from outside. */
const MAX_KNOWN = 20_000;

export function gpuOf(model: string, memory_gib: number | null): Gpu {
  const said = memory_gib === null ? model : `${model} ${memory_gib}GB`;
  const found = known.get(said);
  if (found !== undefined) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const gpu = readGpu(model, said);
  known.set(said, gpu);
  return gpu;
}

function readGpu(model: string, said: string): Gpu {
  const models = modelsOf(said);
  const [first] = models;
  const vendor = vendorOf(model);
  if (!first) {
    return { key: foldName(model), name: model, models: [], vendor, tflops: null, aliases: [] };
  }
  const names = models.map(({ name }) => name);
  const [name = model] = names;
  const exact = names.length === 1;
  const short = modelsOf(model).length === names.length ? model : said;
  const called = exact ? [first.family, name] : [first.family];
  return {
    key: names.join('|'),
    name: exact ? name : short,
    models: names,
    vendor,
    tflops: first.fp16_tflops,
    aliases: called.flatMap((one) => [one, foldName(one)]),
  };
}

/** Whether a search for one model matches another: `H100` matches `H100 SXM`, not vice versa. */
export function gpuMatcher(asked: string): (gpu: Gpu) => boolean {
  const wanted = new Set(modelsOf(asked).map(({ name }) => name));
  const folded = foldName(asked);
  if (wanted.size === 0) return ({ key }) => key === folded;
  return ({ models }) => models.length > 0 && models.every((name) => wanted.has(name));
}
