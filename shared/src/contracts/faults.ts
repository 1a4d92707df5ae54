/**
 * Why a contract ended early, as a number whose range says whose fault it was. Whoever ends it
 * gives one of their own: nobody puts the fault on the other alone.
 */
import type { RefundRule } from '../price.ts';
import type { ContractAction, ContractRole } from './machine.ts';

/** The ranges, and what comes back of a contract that runs; before it runs, all of it does. */
export const faultSides = {
  renter: { from: 1, to: 9_999, rule: 'unused_hours' },
  provider: { from: 10_000, to: 19_999, rule: 'unused_hours_and_setup' },
  network: { from: 20_000, to: 29_999, rule: 'unused_hours_and_setup' },
  marketplace: { from: 30_000, to: 39_999, rule: 'unused_hours_and_setup' },
  nobody: { from: 40_000, to: 49_999, rule: 'unused_hours' },
} as const satisfies Record<string, { from: number; to: number; rule: RefundRule }>;
export type FaultSide = keyof typeof faultSides;

export interface Fault {
  code: number;
  /** As a choice in a dialog, and beside the entry in the log. */
  words: string;
  action: Extract<ContractAction, 'cancel' | 'fail'>;
  by: ContractRole;
}

export const faults: readonly Fault[] = [
  { code: 1_000, action: 'cancel', by: 'renter', words: 'No longer needed' },
  { code: 1_001, action: 'cancel', by: 'renter', words: 'Ordered by mistake' },
  { code: 1_002, action: 'cancel', by: 'renter', words: 'Something else fits better' },
  { code: 10_000, action: 'cancel', by: 'provider', words: 'The machine failed' },
  { code: 10_001, action: 'cancel', by: 'provider', words: 'It is not as the terms describe it' },
  { code: 10_002, action: 'cancel', by: 'provider', words: 'The machine is needed elsewhere' },
  { code: 10_100, action: 'fail', by: 'provider', words: 'It could not be set up' },
  { code: 10_101, action: 'fail', by: 'provider', words: 'No machine is free after all' },
  { code: 10_102, action: 'fail', by: 'system', words: 'Not ready in time' },
  { code: 20_000, action: 'cancel', by: 'provider', words: 'The network failed' },
  { code: 40_000, action: 'cancel', by: 'renter', words: 'Nobody’s fault' },
];

const byCode = new Map(faults.map((fault) => [fault.code, fault]));

/** What a statement's data gives as the fault; null for none, or for a code that there is not. */
export function faultIn(data: object): Fault | null {
  const code = 'fault' in data ? data.fault : undefined;
  return typeof code === 'number' ? (byCode.get(code) ?? null) : null;
}

export const sideOfFault = (code: number): FaultSide =>
  (Object.keys(faultSides) as FaultSide[]).find(
    (side) => code >= faultSides[side].from && code <= faultSides[side].to,
  ) ?? 'nobody';

/** The faults that whoever makes a move may give, the usual one first. */
export const faultsOf = (action: string, role: string): Fault[] =>
  faults.filter((fault) => fault.action === action && fault.by === role);

const ofRunning: readonly RefundRule[] = ['unused_hours', 'unused_hours_and_setup'];

/** The refund rule of a move: its own, or that of the fault where the contract runs. */
export const ruleWith = (rule: RefundRule, fault: Pick<Fault, 'code'> | null): RefundRule =>
  fault !== null && ofRunning.includes(rule) ? faultSides[sideOfFault(fault.code)].rule : rule;
