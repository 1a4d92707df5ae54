import type { ContractAction } from '@berth/shared/contracts/machine';
import type { ContractView } from '@berth/shared/contracts/schemas';

/** What every dialog of a move is given. */
export interface MoveDialogProps {
  view: ContractView;
  action: ContractAction;
  open: boolean;
}
