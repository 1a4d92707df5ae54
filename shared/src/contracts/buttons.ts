import type { ContractAction } from './machine.ts';
import { contractMoves } from './moves.ts';

/** What a page asks for in a dialog of its own. */
type AskedAction = Exclude<
  ContractAction,
  'request' | 'submit' | 'import' | 'complete' | 'expire' | 'message'
>;

interface Buttons {
  /** What asks for the move. */
  label: string;
  /** In its dialog, what signs it. */
  submit: string;
}

/** What the buttons of the moves say, by action: for sentences that name them. */
export const contractButtons = Object.fromEntries(
  contractMoves.flatMap(({ action, button, ask }) =>
    button && ask ? [[action, { label: button.label, submit: ask.submit }]] : [],
  ),
) as Readonly<Record<AskedAction, Buttons>>;
