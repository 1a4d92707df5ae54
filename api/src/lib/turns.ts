import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work after which others have their turn: little beside what they wait for anyway. */
const TURN_MS = 5;

/** Asked between the steps of long work, lets the event loop go on whenever they took a while. */
export function takeTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await nextTurn();
    since = performance.now();
  };
}

/** `map` over many items, which lets the event loop go on in between. */
export async function mapInTurns<Item, Made>(
  items: readonly Item[],
  make: (item: Item, at: number) => Made,
): Promise<Made[]> {
  const made: Made[] = [];
  const turn = takeTurns();
  for (const item of items) {
    await turn();
    made.push(make(item, made.length));
  }
  return made;
}

/** Letters of a text whose bytes are made at once: one beyond Latin makes that slow. */
const CHARS_AT_ONCE = 64 * 1024;

/** A text in UTF-8, which lets the event loop go on in between. */
export async function bytesInTurns(text: string): Promise<Buffer> {
  const cuts = [0];
  for (let from = 0; from < text.length; cuts.push(from)) {
    from = Math.min(from + CHARS_AT_ONCE, text.length);
    // Not between the two halves of one letter.
    if (from < text.length && isFirstHalf(text.charCodeAt(from - 1))) from -= 1;
  }
  const ends = cuts.slice(1);
  return Buffer.concat(await mapInTurns(ends, (to, at) => Buffer.from(text.slice(cuts[at], to))));
}

const isFirstHalf = (unit: number): boolean => unit >= 0xd8_00 && unit <= 0xdb_ff;

let turns: Promise<unknown> = Promise.resolve();

/**
 * Waits for a turn of the event loop that nobody else who waits here has, so that however many ask
 * for what takes a millisecond, whoever asks for less comes in between.
 */
export const ownTurn = (): Promise<unknown> => (turns = turns.then(() => nextTurn()));
