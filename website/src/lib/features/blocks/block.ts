import { blocks } from '@berth/shared/blocks/endpoints';
import { call } from '#lib/api.ts';

/** Takes no more requests from a renter; again, it changes nothing. */
export const block = (handle: string): Promise<void> => call(blocks.block, { params: { handle } });

export const unblock = (handle: string): Promise<void> =>
  call(blocks.unblock, { params: { handle } });
