import type { ReadCtx } from '../context.ts';
import { countEntered } from './entered.ts';
import { makeEngine, type Engine } from './engine.ts';
import { makeFollower } from './follow.ts';
import type { SearchIndex } from './index-port.ts';

/**
 * The index in this very thread, for tests and tools: built when it is first asked, and brought up
 * to date before every answer.
 */
export function openIndexHere(deps: Pick<ReadCtx, 'db' | 'clock' | 'log'>): SearchIndex {
  const engine = makeEngine();
  const follower = makeFollower(deps, engine);
  let built: Promise<void> | undefined;
  const asked = async <T>(answer: (engine: Engine, now_ms: number) => T): Promise<T> => {
    await (built ??= follower.build());
    await follower.catchUp();
    await follower.comeRound();
    return answer(engine, deps.clock.nowMs());
  };
  return {
    search: (ask) => asked(({ search }, now_ms) => search(ask, now_ms)),
    facets: (ask) => asked(({ facets }, now_ms) => facets(ask, now_ms)),
    entered: (ask) => countEntered(deps, ask, deps.clock.nowMs()),
    complete: (ask) => asked(({ complete }) => complete(ask)),
    position: (ask) => asked(({ position }, now_ms) => position(ask, now_ms)),
    featured: (ask) => asked(({ featured }) => featured(ask)),
    refresh: (ids) => follower.refresh(ids),
    stats: () =>
      asked(({ size, bytes }) => ({ offerings: size(), bytes: bytes(), built_in_ms: 0 })),
    close: async () => undefined,
  };
}
