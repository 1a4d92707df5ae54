import type { Consumer } from '../../context.ts';
import { listAnyUnpaid } from '../billing/index.ts';
import { tellStreams } from '../notices/index.ts';
import { fundRequest } from './service.ts';

/** Pays what waits for money as soon as there is some. */
export const paidRequests: Consumer = {
  name: 'requests.paid',
  handlers: {
    async 'money.posted'(ctx, news) {
      if (news.what === 'held' || news.what === 'paid_out') return [];
      const waiting = await listAnyUnpaid(ctx.tx, news);
      const told = new Set<string>();
      for (const contract_id of waiting) {
        const row = await fundRequest(ctx, contract_id);
        // Its page shows what is held by now; a move is told by itself.
        const ids = row === null ? [] : [row.renter_id, row.provider_id];
        for (const id of await tellStreams(ctx, ids, 'contract', contract_id)) told.add(id);
      }
      return [...told];
    },
  },
};
