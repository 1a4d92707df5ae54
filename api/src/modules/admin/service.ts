import type { AdminAct, adminLogReply, workReply } from '@berth/shared/admin/schemas';
import { problem } from '@berth/shared/problems';
import type * as z from 'zod';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import { listFailed, NEVER, saveAgain, type DueThing } from '../../db/due-work.ts';
import { countOpenEffects } from '../../db/effects.ts';
import { pageSize } from '../../db/page.ts';
import { listBehind } from '../../db/projections.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { findAnyAccount, listAnyAdmins, markAdmin } from '../accounts/index.ts';
import { insertAct, listAnyActs } from './repo.ts';

/** Failing things that the page shows; it says how many there are. */
const MAX_FAILING = 100;

type Reads = Pick<ReadCtx, 'db'>;
type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** Writes down what an admin does, in the transaction that does it. */
export async function logAct(
  { tx, clock }: Writes,
  actor: AccountActor | null,
  act: AdminAct,
  subject: string,
): Promise<void> {
  const by_account = actor?.person ?? null;
  await insertAct(tx, { at: clock.now(), by_account, act, subject });
}

/** What came of making somebody an admin, or no admin any more. */
export type Granting = 'changed' | 'as_it_was' | 'no_account' | 'unclaimed';

/**
 * For the command on the machine alone. Who has not signed in with the key of an account that the
 * import brought cannot be told to be who they say they are, so such an account is made no admin.
 */
export async function setAdmin(ctx: Writes, handle: string, is_admin: boolean): Promise<Granting> {
  const account = await findAnyAccount(ctx.tx, handle);
  if (account === null) return 'no_account';
  if (is_admin && account.state === 'unclaimed') return 'unclaimed';
  if (!(await markAdmin(ctx.tx, account.id, is_admin))) return 'as_it_was';
  await logAct(ctx, null, is_admin ? 'grant' : 'revoke', account.handle);
  return 'changed';
}

export const listAdmins = ({ db }: Reads): Promise<{ handle: string; display_name: string }[]> =>
  listAnyAdmins(db);

/** A page of what was done, newest first. */
export async function viewLog(
  { db }: Reads,
  { cursor, limit }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<z.output<typeof adminLogReply>> {
  const { items, next_cursor } = await listAnyActs(db, { cursor, limit: pageSize(limit) });
  return {
    items: items.map(({ id, at, act, subject, handle, display_name }) => ({
      id,
      at,
      act: act as AdminAct,
      by: handle === null ? null : { handle, display_name: display_name ?? handle },
      subject,
    })),
    next_cursor,
  };
}

export async function viewWork({ db }: Reads): Promise<z.output<typeof workReply>> {
  const [failed, open, consumers] = await Promise.all([
    listFailed(db, MAX_FAILING),
    countOpenEffects(db),
    listBehind(db),
  ]);
  const failing = failed.rows.map(({ last_error, failed_at, not_before, ...row }) => ({
    ...row,
    last_error: last_error ?? '',
    failed_at: failed_at ?? not_before,
    not_before: not_before === NEVER ? null : not_before,
  }));
  const effects = [...Map.groupBy(open, ({ kind }) => kind)].map(([kind, states]) => {
    const none = { waiting: 0, called: 0, answered: 0, given_up: 0 };
    const counts = Object.fromEntries(states.map(({ state, count }) => [state, count]));
    return { kind, ...none, ...counts };
  });
  return { failing, failing_count: failed.count, effects, consumers };
}

/** Lets what fails be tried at once; `request.not_found` where it does not fail. */
export async function runAgain(ctx: Writes, actor: AccountActor, thing: DueThing): Promise<void> {
  if (!(await saveAgain(ctx.tx, thing, ctx.clock.now()))) throw problem('request.not_found');
  await logAct(ctx, actor, 'run_again', `${thing.kind} ${thing.subject_id}`);
}
