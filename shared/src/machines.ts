import { contractMachine } from './contracts/machine.ts';
import type { Machine, Vocabulary } from './machine.ts';
import { paymentMachine } from './payments/machine.ts';
import { payoutMachine } from './payouts/machine.ts';
import { offeringMachine } from './offerings/machine.ts';

/** A machine whose own names do not matter to who looks at it. */
export type AnyMachine = Machine<Vocabulary>;

/** Every machine there is: docs, CHECKs and tests go by this list. */
export const machines: readonly AnyMachine[] = [
  contractMachine,
  offeringMachine,
  paymentMachine,
  payoutMachine,
];
