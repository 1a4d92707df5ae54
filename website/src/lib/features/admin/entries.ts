/** Which entries the page shows, as its address says: those that were refused unless it does. */
export const statusChoices = ['refused', 'kept', 'applied', 'all'] as const;
export type StatusChoice = (typeof statusChoices)[number];

export const statusWords: Record<StatusChoice, string> = {
  refused: 'Refused',
  kept: 'Kept',
  applied: 'Applied',
  all: 'All',
};

export interface EntryChoice {
  status: StatusChoice;
  /** Empty for every label. */
  label: string;
}

export function entryAddress(search: URLSearchParams): EntryChoice {
  const status = statusChoices.find((one) => one === search.get('status')) ?? 'refused';
  return { status, label: search.get('label') ?? '' };
}

/** The address of a choice, on its first page. */
export function hrefForEntries({ status, label }: EntryChoice): string {
  const search = new URLSearchParams();
  if (status !== 'refused') search.set('status', status);
  if (label !== '') search.set('label', label);
  return search.size === 0 ? '/admin/icp' : `/admin/icp?${search}`;
}
