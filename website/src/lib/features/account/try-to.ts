import { isProblem } from '@berth/shared/problems';
import { toast } from '#lib/ui/toasts.svelte.ts';

/** Does it, and says the problem's sentence in passing when it does not work. */
export async function tryTo(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isProblem(error)) throw error;
    toast({ title: 'That did not work', detail: error.message, tone: 'bad' });
  }
}
