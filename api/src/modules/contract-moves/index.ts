import type { Module } from '../../context.ts';
import { mountContractMoves } from './routes.ts';

export { checkSignature, onlyInLogs, readEntry, refusalOf, type Checked } from './service.ts';

export const contractMoves: Module = {
  name: 'contract-moves',
  routes: mountContractMoves,
};
