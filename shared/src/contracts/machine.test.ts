import { describe, expect, test } from 'vitest';
import { decide, diagramOf, faultsOf, nextMoves, timedRow } from '../machine.ts';
import {
  contractActions,
  contractMachine,
  contractStateNames,
  contractRoles,
  isEnded,
  type ContractAction,
  type ContractState,
} from './machine.ts';
import { offeredFacts } from './guards.ts';

const none = {
  has_details: false,
  has_rule: false,
  is_due: false,
  has_opened: false,
  had_time: false,
  can_pause: false,
};
const all = {
  has_details: true,
  has_rule: true,
  is_due: true,
  has_opened: true,
  had_time: true,
  can_pause: true,
};

/**
 * The agreed table, written out by hand: action, from, to, by. The machine must say exactly this.
 */
const agreed: [ContractAction, (ContractState | null)[], ContractState, string[]][] = [
  ['request', [null], 'requested', ['renter']],
  ['submit', ['requested'], 'pending', ['system']],
  ['import', [null], 'pending', ['system']],
  ['import', [null, 'pending'], 'accepted', ['system']],
  ['import', [null, 'pending'], 'rejected', ['system']],
  ['accept', ['pending'], 'accepted', ['provider', 'system']],
  ['reject', ['requested', 'pending'], 'rejected', ['provider']],
  ['start_provisioning', ['accepted'], 'provisioning', ['provider']],
  ['mark_provisioned', ['provisioning'], 'provisioned', ['provider']],
  ['activate', ['provisioned'], 'active', ['provider', 'system']],
  ['suspend', ['active'], 'suspended', ['renter']],
  ['resume', ['suspended'], 'active', ['renter', 'system']],
  ['complete', ['active'], 'completed', ['system']],
  [
    'cancel',
    ['requested', 'pending', 'accepted', 'provisioning', 'provisioned', 'active', 'suspended'],
    'cancelled',
    ['renter'],
  ],
  [
    'cancel',
    ['accepted', 'provisioning', 'provisioned', 'active', 'suspended'],
    'cancelled',
    ['provider'],
  ],
  ['expire', ['requested', 'pending'], 'expired', ['system']],
  ['fail', ['accepted', 'provisioning'], 'failed', ['provider', 'system']],
];

const spelled = (rows: [string, (string | null)[], string, readonly string[]][]) =>
  [
    ...new Set(
      rows.flatMap(([action, from, to, by]) =>
        from.flatMap((state) => by.map((role) => `${action} ${state} -> ${to} by ${role}`)),
      ),
    ),
  ].sort();

describe('the contract machine', () => {
  test('moves exactly as agreed', () => {
    const moving = contractMachine.moves.filter(({ to }) => to !== 'same');
    expect(spelled(moving.map(({ action, from, to, by }) => [action, [...from], to, by]))).toEqual(
      spelled(agreed),
    );
  });

  test('names the faults of an unsound table', () => {
    const broken: typeof contractMachine = {
      ...contractMachine,
      moves: [
        ...contractMachine.moves.filter(({ action }) => action !== 'complete'),
        { action: 'accept', from: ['rejected'], to: 'accepted', by: ['provider'] },
        { action: 'accept', from: ['rejected'], to: 'accepted', by: ['provider'] },
        { action: 'fail', from: ['pending'], to: 'failed', by: ['system'], deadline: 'paid_hours' },
      ] as typeof contractMachine.moves,
    };
    expect(faultsOf(broken)).toEqual([
      'completed is never reached',
      'rejected ends, yet a move leaves it',
      'pending has several moves with a deadline',
      'accept by provider from rejected to accepted is listed twice',
    ]);
  });

  test('gives every move that ends a contract one refund rule, and no other move', () => {
    for (const { action, to, money } of contractMachine.moves) {
      expect(money !== undefined, action).toBe(to !== 'same' && isEnded(to));
    }
  });

  test('gives the unit back with every move that ends a contract which took one', () => {
    for (const { action, to, effects = [] } of contractMachine.moves) {
      const ends = to !== 'same' && isEnded(to) && action !== 'import';
      expect(effects.includes('return_unit'), action).toBe(ends);
    }
  });

  test('refuses in a fixed order: no such move, not yours, guard', () => {
    const ask = { state: 'accepted' as const, action: 'accept' as const, facts: none };
    expect(decide(contractMachine, { ...ask, role: 'renter' })).toMatchObject({
      code: 'no_such_move',
    });
    const pending = { ...ask, state: 'pending' as const };
    expect(decide(contractMachine, { ...pending, role: 'renter' })).toMatchObject({
      code: 'not_yours',
      sentence: 'Only the provider or the system can accept.',
    });
    expect(decide(contractMachine, { ...pending, role: 'system' })).toMatchObject({
      code: 'not_yet',
    });
    expect(decide(contractMachine, { ...pending, role: 'provider' })).toMatchObject({
      ok: true,
      to: 'accepted',
    });
  });

  test('lets a later row of the same action try where the guards of one fail', () => {
    const needs = (sentence: string, name: keyof typeof none) => [
      { sentence, holds: (facts: typeof none) => facts[name] },
    ];
    const row = { action: 'accept', from: ['pending'], by: ['provider'] } as const;
    const forked: typeof contractMachine = {
      ...contractMachine,
      moves: [
        { ...row, to: 'accepted', needs: needs('First.', 'has_rule') },
        { ...row, to: 'provisioning', needs: needs('Second.', 'has_details') },
      ],
    };
    const ask = { state: 'pending', action: 'accept', role: 'provider' } as const;
    const to = (facts: typeof none) => decide(forked, { ...ask, facts });
    expect(to(all)).toMatchObject({ ok: true, to: 'accepted' });
    expect(to({ ...none, has_details: true })).toMatchObject({ ok: true, to: 'provisioning' });
    expect(to(none)).toEqual({ ok: false, code: 'not_yet', sentence: 'First.' });
    expect(nextMoves(forked, { ...ask, facts: all }).map(({ to: next }) => next)).toEqual([
      'accepted',
    ]);
  });

  test('lets nothing move an ended contract, whoever asks', () => {
    for (const state of contractStateNames.filter(isEnded)) {
      for (const action of contractActions) {
        for (const role of contractRoles) {
          expect(decide(contractMachine, { state, action, role, facts: all })).toMatchObject({
            code: 'no_such_move',
          });
        }
      }
    }
  });

  test('offers a button for every move that a party may make', () => {
    for (const state of contractStateNames) {
      for (const role of ['renter', 'provider'] as const) {
        for (const move of nextMoves(contractMachine, { state, role, facts: offeredFacts })) {
          expect(move.button, `${move.action} from ${state} by ${role}`).toBeDefined();
        }
      }
    }
  });

  test('has a timed move for every state that waits, and none elsewhere', () => {
    const timed = contractStateNames.map((state) => [
      state,
      timedRow(contractMachine, state)?.action ?? null,
    ]);
    expect(Object.fromEntries(timed)).toEqual({
      requested: 'expire',
      pending: 'expire',
      accepted: 'fail',
      provisioning: 'fail',
      provisioned: 'activate',
      active: 'complete',
      suspended: 'resume',
      completed: null,
      rejected: null,
      cancelled: null,
      expired: null,
      failed: null,
    });
  });

  test('begins the deadline of a state with each move that leads there, or keeps it', () => {
    // Nobody on the chain was promised an answer, and what is requested goes on at once.
    const without = ['request', 'import'];
    for (const { action, from, to, starts } of contractMachine.moves) {
      const deadline = to === 'same' ? undefined : timedRow(contractMachine, to)?.deadline;
      if (deadline === undefined || without.includes(action)) continue;
      const kept = from.every(
        (one) => one && timedRow(contractMachine, one)?.deadline === deadline,
      );
      // What is left of the paid hours goes on.
      const goesOn = action === 'resume' || (kept && action === 'start_provisioning');
      expect(starts, action).toBe(goesOn ? undefined : deadline);
    }
  });

  test('draws every move once', () => {
    const diagram = diagramOf(contractMachine);
    expect(diagram).toContain('  [*] --> requested: request (renter)');
    expect(diagram.split('\n').length).toBe(new Set(diagram.split('\n')).size);
  });
});
