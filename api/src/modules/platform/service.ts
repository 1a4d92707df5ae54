import { problem } from '@berth/shared/problems';
import { demoIdentities } from '@berth/shared/platform/demo';
import type { Deps, ReadCtx } from '../../context.ts';
import { isCurrent } from '../../db/migrate.ts';
import { listServiceKeys } from '../../db/service-keys.ts';

const NAME = 'Berth';

export async function live() {
  return { status: 'ok' as const };
}

/** Throws `service.busy` until requests can be served. */
export async function ready({ database, worker }: Pick<Deps, 'database' | 'worker'>) {
  const current = await isCurrent(database).catch(() => false);
  if (!current) throw problem('service.busy', 'The database does not answer or is not up to date.');
  if (!worker.isAlive()) throw problem('service.busy', 'The worker is not running.');
  return { status: 'ok' as const };
}

export async function about({ config, clock, serviceKey }: ReadCtx) {
  return {
    name: NAME,
    service_key: serviceKey.public_key,
    now: clock.now(),
    demo: config.demo,
    payments: config.payments,
  };
}

export const keys = async ({ db, serviceKey }: Pick<ReadCtx, 'db' | 'serviceKey'>) => ({
  items: await listServiceKeys(db, serviceKey),
});

/** Who a demo can be tried as; where there is no demo, there is nothing here. */
export async function demo({ config }: Pick<ReadCtx, 'config'>) {
  if (!config.demo) throw problem('request.not_found');
  return { identities: [...demoIdentities] };
}
