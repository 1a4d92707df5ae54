import type { ContractMove } from '@berth/shared/contracts/machine';
import type { ContractView } from '@berth/shared/contracts/schemas';
import type { ContractMoney } from '@berth/shared/ledger/schemas';

/** What every dialog of a move is given. */
export interface MoveDialogProps {
  view: ContractView;
  /** Its money; null where nothing is paid here. */
  money: ContractMoney | null;
  /** The row of the machine that is asked about. */
  row: ContractMove;
  open: boolean;
}
