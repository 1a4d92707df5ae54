import type { WriteCtx } from '../../context.ts';
import { takeOne, giveBack } from './repo-rent.ts';
import { tellPublic } from './service-news.ts';

type Writes = Pick<WriteCtx, 'tx' | 'clock'>;

/** Takes a unit of a listed offering by compare-and-set; false when there is none. */
export async function takeUnit(ctx: Writes, offering_id: string): Promise<boolean> {
  const left = await takeOne(ctx.tx, offering_id);
  if (left === null) return false;
  await tellPublic(ctx, null, left);
  return true;
}

/** Gives back a unit that was taken, whatever the offering's state is by now. */
export async function returnUnit(ctx: Writes, offering_id: string): Promise<void> {
  await tellPublic(ctx, null, await giveBack(ctx.tx, offering_id));
}
