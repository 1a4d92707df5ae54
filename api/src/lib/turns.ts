import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items that are worked on before others have their turn: some milliseconds. */
const AT_ONCE = 100;

/** `map` over many items, which lets the event loop go on in between. */
export async function mapInTurns<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Made,
): Promise<Made[]> {
  const made: Made[] = [];
  for (const item of items) {
    if (made.length > 0 && made.length % AT_ONCE === 0) await nextTurn();
    made.push(make(item));
  }
  return made;
}

let turns: Promise<unknown> = Promise.resolve();

/**
 * Waits for a turn of the event loop that nobody else who waits here has, so that however many ask
 * for what takes a millisecond, whoever asks for less comes in between.
 */
export const ownTurn = (): Promise<unknown> => (turns = turns.then(() => nextTurn()));
