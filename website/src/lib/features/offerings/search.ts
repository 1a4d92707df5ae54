/** The marketplace's filters as the address has them and as the form holds them. */
export const listNames = ['kind', 'gpu_model', 'country', 'virtualization'] as const;
const flags = ['in_stock', 'auto_accept'] as const;
const texts = [
  'q',
  'provider',
  'min_gpu_count',
  'min_gpu_memory_gib',
  'min_vcpus',
  'min_memory_gib',
  'min_disk_gib',
  'min_uplink_mbps',
  'max_hourly',
  'currency',
  'sort',
  'view',
] as const;

export type ListName = (typeof listNames)[number];
export type FlagName = (typeof flags)[number];
export type TextName = (typeof texts)[number];

/** An empty text, an empty list, false and null all mean: not asked. */
export type Draft = Record<ListName, string[]> &
  Record<FlagName, boolean> &
  Record<TextName, string> & { hours: number | null };

/** How a result is laid out; cards unless the address says otherwise. */
export const TABLE_VIEW = 'table';

export function readDraft(params: URLSearchParams): Draft {
  const hours = Number(params.get('hours') ?? '');
  const listed = listNames.map((name) => [name, params.getAll(name)] as const);
  const flagged = flags.map((name) => [name, params.get(name) === '1'] as const);
  const written = texts.map((name) => [name, params.get(name) ?? ''] as const);
  return {
    ...(Object.fromEntries(listed) as Record<ListName, string[]>),
    ...(Object.fromEntries(flagged) as Record<FlagName, boolean>),
    ...(Object.fromEntries(written) as Record<TextName, string>),
    hours: Number.isInteger(hours) && hours > 0 ? hours : null,
  };
}

/** `?q=h100&kind=gpu`, without what is not asked; empty where nothing is. */
function searchText(draft: Draft): string {
  const params = new URLSearchParams();
  for (const name of texts) if (draft[name].trim() !== '') params.set(name, draft[name].trim());
  for (const name of listNames) for (const value of draft[name]) params.append(name, value);
  for (const name of flags) if (draft[name]) params.set(name, '1');
  if (draft.hours !== null && draft.hours > 0) params.set('hours', String(draft.hours));
  return params.size > 0 ? `?${params}` : '';
}

export const hrefFor = (draft: Draft): string => `/marketplace${searchText(draft)}`;
