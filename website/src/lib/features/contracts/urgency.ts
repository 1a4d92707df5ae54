import { counted } from '@berth/shared/count';
import { HOUR_MS } from '@berth/shared/time';
import type { Tone } from '#lib/ui/types.ts';

/** So little time left that one should act at once, or today. */
const [URGENT_MS, SOON_MS] = [2 * HOUR_MS, 12 * HOUR_MS];

export interface Urgency {
  /** Before what is to be done; empty where there is time. */
  word: string;
  tone: Tone;
}

/** How much a deadline presses, by the server's clock; it has none where nothing ends by itself. */
export function urgencyOf(due_at: string | null, now_ms: number): Urgency {
  if (due_at === null) return { word: '', tone: 'neutral' };
  const left_ms = Date.parse(due_at) - now_ms;
  if (left_ms <= 0) return { word: 'Overdue', tone: 'bad' };
  if (left_ms <= URGENT_MS) return { word: 'Urgent', tone: 'bad' };
  if (left_ms <= SOON_MS) return { word: 'Soon', tone: 'waiting' };
  return { word: '', tone: 'progress' };
}

/** How many of these press, and how many there are until when, in a sentence. */
export function pressingWords(due: readonly (string | null)[], now_ms: number): string {
  const words = due.map((one) => urgencyOf(one, now_ms).word);
  const count = (word: string) => words.filter((one) => one === word).length;
  const said = [
    [count('Overdue'), 'overdue'],
    [count('Urgent'), `within ${counted(URGENT_MS / HOUR_MS, 'hour')}`],
    [count('Soon'), `within ${counted(SOON_MS / HOUR_MS, 'hour')}`],
  ] as const;
  return said
    .filter(([many]) => many > 0)
    .map(([many, when]) => `${many.toLocaleString('en')} ${when}`)
    .join(', ');
}
