import { MAX_COMPARED, SEARCH_HOURS } from '@berth/shared/market/schemas';

export interface Compared {
  id: string;
  title: string;
}

function isCompared(value: unknown): value is Compared {
  const { id, title } = (value ?? {}) as Partial<Compared>;
  return typeof id === 'string' && typeof title === 'string';
}

/** What the device kept; nothing where it keeps nothing or something else. */
export function readCompared(text: string | null): Compared[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.filter(isCompared).slice(0, MAX_COMPARED) : [];
  } catch {
    return [];
  }
}

/** The address of some offerings side by side. */
export function compareHref(ids: readonly string[], hours: number): string {
  const params = new URLSearchParams(ids.map((id) => ['id', id]));
  if (hours !== SEARCH_HOURS) params.set('hours', String(hours));
  return `/compare?${params}`;
}
