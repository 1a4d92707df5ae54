import { DAY_MS, isoAt } from '@berth/shared/time';
import { ENDED_LISTED_DAYS } from '@berth/shared/tokens/limits';
import type { Deps, WriteCtx } from '../../context.ts';
import type { Topics } from '../../lib/topics.ts';
import { notify } from '../notices/index.ts';
import { eraseSecrets, findAnyEnded, saveUses } from './repo.ts';

const TOKENS_PAGE = '/dashboard/tokens';

/** Tells every device of an account of a new secret, so that no thief makes one unseen. */
export async function tellOfTokens(
  ctx: WriteCtx,
  { account_id, what, name }: Topics['account.tokens'],
): Promise<readonly string[]> {
  await notify(ctx, {
    account_id,
    kind: `token.${what}`,
    names: { label: name },
    link: TOKENS_PAGE,
  });
  return [account_id];
}

/** Writes down which tokens were used since the last sweep: what a crash loses comes again. */
export async function keepUses(deps: Deps): Promise<number> {
  const taken = deps.tokenUses.take();
  if (taken.length > 0) await deps.database.write((tx) => saveUses(tx, taken));
  return taken.length;
}

/** Erases what ended so long ago that it is not listed any more. */
export async function eraseEndedTokens(deps: Deps): Promise<number> {
  const before = isoAt(deps.clock.nowMs() - ENDED_LISTED_DAYS * DAY_MS);
  const ended = await findAnyEnded(deps.db, before);
  if (ended.length > 0) await deps.database.write((tx) => eraseSecrets(tx, ended));
  return ended.length;
}
