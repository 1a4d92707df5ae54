import type { ContractForm } from '@berth/shared/contracts/machine';
import type { Component } from 'svelte';
import type { MoveDialogProps } from './types.ts';

export type MoveDialog = Component<MoveDialogProps, Record<never, never>, 'open'>;

interface Form {
  /** The dialog; its code comes with the first press. Null where the form stands on the page. */
  load: (() => Promise<{ default: MoveDialog }>) | null;
  /** It goes on showing something where the move itself can be made no more. */
  stays?: true;
}

const confirm = () => import('./ConfirmMove.svelte');

/** What asks for a move, by the name that the machine's table has for it. */
export const forms: Record<ContractForm, Form> = {
  terms: { load: confirm },
  confirm: { load: confirm },
  delivery: { load: () => import('./DeliverMove.svelte') },
  opening: { load: () => import('./OpenCredentials.svelte'), stays: true },
  extension: { load: () => import('./ExtendMove.svelte') },
  end: { load: () => import('./EndMove.svelte') },
  message: { load: null },
};
