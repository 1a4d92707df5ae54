import { saved } from '@berth/shared/saved/endpoints';
import { isProblem } from '@berth/shared/problems';
import type { SavedSearchInput } from '@berth/shared/saved/schemas';
import { call } from '#lib/api.ts';
import { toast } from '#lib/ui/toasts.svelte.ts';

async function remove(saved_search_id: string): Promise<void> {
  try {
    await call(saved.removeSearch, { params: { saved_search_id } });
  } catch (error) {
    if (!isProblem(error)) throw error;
    toast({ title: 'It could not be removed', detail: error.message, tone: 'bad' });
  }
}

/** Saves a search and says so, with a way back. */
export async function saveSearch(body: SavedSearchInput): Promise<void> {
  try {
    const { id } = await call(saved.saveSearch, { body });
    toast({
      title: 'Search saved',
      detail: 'A notice tells of what is new in it, or comes to fit it by price or stock.',
      tone: 'good',
      action: { label: 'Undo', run: () => void remove(id) },
    });
  } catch (error) {
    if (!isProblem(error)) throw error;
    toast({ title: 'The search could not be saved', detail: error.message, tone: 'bad' });
  }
}
