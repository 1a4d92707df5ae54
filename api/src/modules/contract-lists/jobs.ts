import type { Sweeper } from '../../context.ts';
import { foldTotals, hasAnyUnfolded } from './repo.ts';

/** Keeps the totals of an account few rows, where writers leave each change as one of its own. */
export const foldChanges: Sweeper = async ({ db, write }) =>
  (await hasAnyUnfolded(db)) ? write(({ tx }) => foldTotals(tx)) : 0;
