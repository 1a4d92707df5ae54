/** A whole Berth for a minute: the real app on a database of its own, its clock moved. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBerth } from '../../api/src/berth.ts';
import type { Deps } from '../../api/src/context.ts';
import { makeLog } from '../../api/src/deps.ts';
import { fixedClock } from '../../api/src/lib/clock.ts';
import { openIndexHere } from '../../api/src/search/here.ts';
import type { Server } from '../../api/test/people.ts';

export interface World extends Server {
  deps: Deps;
  /** Lets the time pass until `at`: each deadline on the way is kept at its own moment. */
  runTo(at: string): Promise<void>;
  close(): Promise<void>;
}

const IN_MEMORY = '/dev/shm';
const PREFIX = 'berth-seed-';

/** A folder in memory where the system has one: the disk need not keep what is copied once. */
function makeFolder(): string {
  try {
    return mkdtempSync(join(IN_MEMORY, PREFIX));
  } catch {
    return mkdtempSync(join(tmpdir(), PREFIX));
  }
}

/** Opens an empty world at a time; its moves by `system` are signed with the service's key. */
export async function openWorld(
  { config, serviceKey }: Pick<Deps, 'config' | 'serviceKey'>,
  starts_at: string,
): Promise<World> {
  const folder = makeFolder();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const clock = fixedClock(starts_at);
  const { app, deps, drain, sweep, close } = await openBerth({
    config: {
      ...config,
      ...{ data_dir: folder, database_url: null, website_build: null, rate_limits: false },
    },
    log: makeLog('error'),
    search: openIndexHere,
    ...{ clock, serviceKey, ports: { icp: null } },
  });

  async function passTo(at: string): Promise<void> {
    await drain();
    clock.advance(Date.parse(at) - clock.nowMs());
  }
  return {
    app,
    deps,
    clock,
    async runTo(at) {
      for (;;) {
        const due_at = await nextDeadline(deps);
        if (due_at === null || due_at > at) break;
        await passTo(due_at);
        await sweep();
      }
      await passTo(at);
    },
    async close() {
      await close();
      remove();
      process.off('exit', remove);
    },
  };
}

/** When a contract next moves by itself, or something that it kept is to be erased. */
async function nextDeadline({ db }: Pick<Deps, 'db'>): Promise<string | null> {
  const { due_at, erase_at } = await db
    .selectFrom('contract_sign_requests')
    .select(({ fn }) => [fn.min('due_at').as('due_at'), fn.min('erase_at').as('erase_at')])
    .executeTakeFirstOrThrow();
  const [first = null] = [due_at, erase_at].filter((at) => at !== null).sort();
  return first;
}
