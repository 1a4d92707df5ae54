import { saved as endpoints } from '@berth/shared/saved/endpoints';
import { isProblem } from '@berth/shared/problems';
import { call } from '#lib/api.ts';
import { toast } from '#lib/ui/toasts.svelte.ts';

/** Whose the ids are, so that the next account of this tab does not see them. */
let owner: string | null = null;
let ids = $state.raw<ReadonlySet<string>>(new Set());

export const isSaved = (offering_id: string): boolean => ids.has(offering_id);

/** Reads which offerings an account has saved, once for all the hearts of the page. */
export async function loadSaved(account_id: string): Promise<void> {
  if (owner === account_id) return;
  owner = account_id;
  ids = new Set();
  try {
    const reply = await call(endpoints.listOfferingIds);
    if (owner === account_id) ids = new Set(reply.ids);
  } catch (error) {
    if (!isProblem(error)) throw error;
    // Hearts stay empty; the next page asks again.
    owner = null;
  }
}

function mark(offering_id: string, saved: boolean): void {
  const next = new Set(ids);
  if (saved) next.add(offering_id);
  else next.delete(offering_id);
  ids = next;
}

/** Shows it at once, then asks; what is refused is put back and said. */
export async function setSaved(offering_id: string, saved: boolean): Promise<boolean> {
  mark(offering_id, saved);
  const { saveOffering, removeOffering } = endpoints;
  try {
    await call(saved ? saveOffering : removeOffering, { params: { offering_id } });
    return true;
  } catch (error) {
    if (!isProblem(error)) throw error;
    mark(offering_id, !saved);
    toast({
      title: saved ? 'It could not be saved' : 'It could not be removed',
      detail: error.message,
      tone: 'bad',
    });
    return false;
  }
}

/** As `setSaved`, and says so with a way back. */
export async function toggleSaved(offering_id: string): Promise<void> {
  const saved = !isSaved(offering_id);
  if (!(await setSaved(offering_id, saved))) return;
  toast({
    title: saved ? 'Saved' : 'No longer saved',
    ...(saved && { detail: 'A notice tells when its price or stock changes.' }),
    action: { label: 'Undo', run: () => void setSaved(offering_id, !saved) },
  });
}
