import { problem } from '@berth/shared/problems';
import type { ReadCtx } from '../context.ts';
import type { SearchIndex } from './index-port.ts';

/** The index in this very thread, built when it is first asked. */
export function openIndexHere(_: Pick<ReadCtx, 'db' | 'clock'>): SearchIndex {
  const busy = () => Promise.reject(problem('service.busy'));
  return {
    search: busy,
    facets: busy,
    complete: busy,
    position: busy,
    featured: busy,
    refresh: async () => undefined,
    stats: busy,
    close: async () => undefined,
  };
}
