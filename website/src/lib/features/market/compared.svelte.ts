import { MAX_COMPARED } from '@berth/shared/market/schemas';
import { readCompared, type Compared } from '#lib/features/saved/compare-list.ts';

const KEPT_AS = 'berth:compared';

let chosen = $state.raw<readonly Compared[]>([]);

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
