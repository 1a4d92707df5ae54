import { hoursWords } from '#lib/features/contracts/hours.ts';
import { countryName, kindWords, virtualizationWords } from '@berth/shared/offerings/catalogue';
import { sizeWords, speedWords } from './specs.ts';
import { hrefFor, readDraft, type Draft, type ListName, type TextName } from './search.ts';

/** One filter that is on, and the address without it. */
export interface Chip {
  label: string;
  /** What leaving it out is called: "Any price". */
  loosen: string;
  href: string;
}

const wordOf = (table: Record<string, unknown>, name: string): string => {
  const entry = table[name];
  return typeof entry === 'string' ? entry : ((entry as { label?: string })?.label ?? name);
};

const listWords: Record<ListName, { say: (value: string) => string; loosen: string }> = {
  kind: { say: (value) => wordOf(kindWords, value), loosen: 'Any kind' },
  gpu_model: { say: (value) => value, loosen: 'Any GPU' },
  country: { say: countryName, loosen: 'Any country' },
  virtualization: {
    say: (value) => wordOf(virtualizationWords, value),
    loosen: 'Any isolation',
  },
};

type Chosen = Exclude<TextName, 'sort' | 'view'>;

const textWords: Record<Chosen, { say: (value: string) => string; loosen: string }> = {
  q: { say: (value) => `“${value}”`, loosen: 'Any words' },
  provider: { say: (value) => `by ${value}`, loosen: 'Any provider' },
  max_hourly: { say: (value) => `up to ${value} an hour`, loosen: 'Any price' },
  currency: { say: (value) => `in ${value}`, loosen: 'Any currency' },
  min_gpu_count: { say: (value) => `${value}+ GPUs`, loosen: 'Any number of GPUs' },
  min_gpu_memory_gib: {
    say: (value) => `${sizeWords(Number(value))}+ GPU memory`,
    loosen: 'Any GPU memory',
  },
  min_vcpus: { say: (value) => `${value}+ vCPUs`, loosen: 'Any number of vCPUs' },
  min_memory_gib: { say: (value) => `${sizeWords(Number(value))}+ memory`, loosen: 'Any memory' },
  min_disk_gib: { say: (value) => `${sizeWords(Number(value))}+ disk`, loosen: 'Any disk' },
  min_uplink_mbps: {
    say: (value) => `${speedWords(Number(value))}+ uplink`,
    loosen: 'Any uplink',
  },
};

/** Every filter that is on, the ones that narrow most by habit first. */
export function chipsOf(draft: Draft): Chip[] {
  const without = (change: Partial<Draft>) => hrefFor({ ...draft, ...change });
  const fromTexts = (Object.keys(textWords) as Chosen[]).flatMap((name) =>
    draft[name] === ''
      ? []
      : [
          {
            label: textWords[name].say(draft[name]),
            loosen: textWords[name].loosen,
            href: without({ [name]: '' }),
          },
        ],
  );
  const fromLists = (Object.keys(listWords) as ListName[]).flatMap((name) =>
    draft[name].map((value) => ({
      label: listWords[name].say(value),
      loosen: listWords[name].loosen,
      href: without({ [name]: draft[name].filter((one) => one !== value) }),
    })),
  );
  return [
    ...fromTexts,
    ...fromLists,
    ...(draft.hours === null
      ? []
      : [
          {
            label: `for ${hoursWords(draft.hours)}`,
            loosen: 'Any length',
            href: without({ hours: null }),
          },
        ]),
    ...(draft.in_stock
      ? [{ label: 'in stock', loosen: 'Out of stock too', href: without({ in_stock: false }) }]
      : []),
    ...(draft.auto_accept
      ? [
          {
            label: 'accepted at once',
            loosen: 'Answered by hand too',
            href: without({ auto_accept: false }),
          },
        ]
      : []),
  ];
}

/** The marketplace without a filter, in the order and the look that were chosen. */
export const clearedHref = ({ sort, view }: Draft): string =>
  hrefFor({ ...readDraft(new URLSearchParams()), sort, view });

/** The same search with one value of the address set otherwise. */
export const hrefWith = (draft: Draft, change: Partial<Draft>): string =>
  hrefFor({ ...draft, ...change });
