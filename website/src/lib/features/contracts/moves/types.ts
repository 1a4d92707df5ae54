import type { ContractMove } from '@berth/shared/contracts/machine';
import type { ContractView } from '@berth/shared/contracts/schemas';

/** What every dialog of a move is given. */
export interface MoveDialogProps {
  view: ContractView;
  /** The row of the machine that is asked about. */
  row: ContractMove;
  open: boolean;
}
