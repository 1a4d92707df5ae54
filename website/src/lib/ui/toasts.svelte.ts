export interface ToastAsk {
  title: string;
  detail?: string;
  tone?: 'plain' | 'good' | 'bad';
  /** Undo, or see what was made; it puts the toast away. */
  action?: { label: string; run: () => void };
}

export interface Toast extends ToastAsk {
  id: number;
}

const SHOWN_FOR_MS = 6_000;
const SHOWN_WITH_ACTION_MS = 12_000;
const MOST_AT_ONCE = 3;

let lastId = 0;
let shown = $state.raw<readonly Toast[]>([]);
const timers = new Map<number, ReturnType<typeof setTimeout>>();

export const toasts = {
  get shown(): readonly Toast[] {
    return shown;
  },
};

/** Says in passing that something is done. What must not be missed belongs on the page instead. */
export function toast(ask: ToastAsk): void {
  lastId += 1;
  shown = [...shown.slice(1 - MOST_AT_ONCE), { ...ask, id: lastId }];
  letGo(lastId);
}

export function dismiss(id: number): void {
  hold(id);
  shown = shown.filter((one) => one.id !== id);
}

/** Keeps a toast while the pointer or the focus is on it. */
export function hold(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

export function letGo(id: number): void {
  const one = shown.find((each) => each.id === id);
  if (!one) return;
  hold(id);
  const shown_ms = one.action ? SHOWN_WITH_ACTION_MS : SHOWN_FOR_MS;
  timers.set(
    id,
    setTimeout(() => dismiss(id), shown_ms),
  );
}
