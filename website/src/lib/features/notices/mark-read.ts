import { notices } from '@berth/shared/notices/endpoints';
import { isProblem } from '@berth/shared/problems';
import { invalidate } from '$app/navigation';
import { call } from '#lib/api.ts';
import { toast } from '#lib/ui/toasts.svelte.ts';

/** Marks notices as read and refreshes what counts them; a refusal is said in passing. */
export async function markRead(which: { all: true } | { ids: string[] }): Promise<void> {
  try {
    await call(notices.read, { body: which });
    await invalidate('live:notices');
  } catch (error) {
    if (!isProblem(error)) throw error;
    toast({ title: 'Still unread', detail: error.message, tone: 'bad' });
  }
}
