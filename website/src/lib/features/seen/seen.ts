import type { OfferingKind } from '@berth/shared/offerings/schemas';

/** What was looked at, as it was called then: enough for a link; a price would be out of date. */
export interface Seen {
  id: string;
  title: string;
  kind: OfferingKind;
  provider: string;
  place: string;
}

const KEY = 'berth/seen';
/** More than are ever shown, so that the list stays full when some are left out. */
const MOST_KEPT = 12;
const names = ['id', 'title', 'kind', 'provider', 'place'] as const;

/** The latest first, each once. */
export const withSeen = (before: readonly Seen[], one: Seen): Seen[] =>
  [one, ...before.filter(({ id }) => id !== one.id)].slice(0, MOST_KEPT);

/** What a text of this device holds; what is not of this shape is left out. */
export function readSeen(text: string | null): Seen[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.filter(isSeen).slice(0, MOST_KEPT) : [];
  } catch {
    return [];
  }
}

const isSeen = (one: unknown): one is Seen =>
  typeof one === 'object' &&
  one !== null &&
  names.every((name) => typeof (one as Record<string, unknown>)[name] === 'string');

/** Empty where the browser keeps nothing for us. */
export function listSeen(): Seen[] {
  try {
    return readSeen(localStorage.getItem(KEY));
  } catch {
    return [];
  }
}

/** Kept on this device and sent nowhere. */
export function noteSeen(one: Seen): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(withSeen(listSeen(), one)));
  } catch {
    // A browser that keeps nothing has nothing to show either.
  }
}

export function clearSeen(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing is kept then.
  }
}

/** Whether another tab changed the list. */
export const isOfSeen = ({ key }: StorageEvent): boolean => key === KEY || key === null;
