import { MAX_COMPARED, SEARCH_HOURS } from '@berth/shared/market/schemas';

export interface Compared {
  id: string;
  title: string;
}

const KEPT_AS = 'berth:compared';

let chosen = $state.raw<readonly Compared[]>([]);

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

function keep(next: readonly Compared[]) {
  chosen = next;
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing has them until the page is left.
  }
}

/** The offerings that were chosen to stand side by side; they stay on this device. */
export const compared = {
  get chosen(): readonly Compared[] {
    return chosen;
  },
  has: (id: string): boolean => chosen.some((one) => one.id === id),
  get is_full(): boolean {
    return chosen.length >= MAX_COMPARED;
  },
  toggle({ id, title }: Compared): void {
    if (compared.has(id)) keep(chosen.filter((one) => one.id !== id));
    else if (!compared.is_full) keep([...chosen, { id, title }]);
  },
  clear: (): void => keep([]),
  /** Reads what the device kept, and follows other tabs; call the answer to stop. */
  follow(): () => void {
    const read = () => {
      try {
        chosen = readCompared(localStorage.getItem(KEPT_AS));
      } catch {
        chosen = [];
      }
    };
    const changed = ({ key }: StorageEvent) => {
      if (key === KEPT_AS) read();
    };
    read();
    addEventListener('storage', changed);
    return () => removeEventListener('storage', changed);
  },
};

/** The address of some offerings side by side. */
export function compareHref(ids: readonly string[], hours: number): string {
  const params = new URLSearchParams(ids.map((id) => ['id', id]));
  if (hours !== SEARCH_HOURS) params.set('hours', String(hours));
  return `/compare?${params}`;
}
