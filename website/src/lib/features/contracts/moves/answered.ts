import { isProblem } from '@berth/shared/problems';

const PAUSE_MS = 400;
const MOST_TRIES = 10;

/**
 * Asks again while the first of the same requests is still being answered. The request carries one
 * idempotency key, so however often it is asked it counts once.
 */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const isInFlight = isProblem(error) && error.problem.code === 'idempotency.in_flight';
      if (!isInFlight || tries === MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
