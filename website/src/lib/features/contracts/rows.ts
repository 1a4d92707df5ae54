import { offeredFacts } from '@berth/shared/contracts/guards';
import {
  contractMachine,
  type ContractForm,
  type ContractMove,
} from '@berth/shared/contracts/machine';
import type { ContractView, EntryView } from '@berth/shared/contracts/schemas';
import { findRow, nextMoves } from '@berth/shared/machine';

type Standing = Pick<ContractView, 'state' | 'role'>;

/** The rows of the machine that its reader may be asked about now, each with a button. */
export const movesOf = ({ state, role }: Standing): ContractMove[] =>
  nextMoves(contractMachine, { state, role, facts: offeredFacts }).filter(({ button }) => button);

/** The one that this form asks for now; null where there is none. */
export const moveWith = (standing: Standing, form: ContractForm): ContractMove | null =>
  movesOf(standing).find((row) => row.form === form) ?? null;

/** A row that this form asks for, whether or not it may be made now. */
export const anyMoveWith = (form: ContractForm): ContractMove | null =>
  contractMachine.moves.find((row) => row.form === form) ?? null;

/** Whether an entry of the log was asked for by this form. */
export const isBy = (entry: EntryView, form: ContractForm): boolean =>
  findRow(contractMachine, entry)?.form === form;
