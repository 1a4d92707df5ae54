/**
 * What must hold of a database of contracts at any time (I1 to I7 as far as one database can say).
 */
import { expect } from 'vitest';
import { decide } from '@berth/shared/machine';
import {
  contractMachine,
  isEnded,
  type ContractAction,
  type ContractRole,
  type ContractState,
} from '@berth/shared/contracts/machine';
import { verifyEvidence } from '@berth/shared/contracts/evidence';
import { canonical } from '@berth/shared/canonical';
import {
  offeringMachine,
  type OfferingAction,
  type OfferingRole,
  type OfferingState,
} from '@berth/shared/offerings/machine';
import { hashOf, type Statement } from '@berth/shared/signing/statement';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import type { Deps } from '../src/context.ts';
import type { AccountActor } from '../src/lib/actor.ts';
import { contractEvidence } from '../src/modules/evidence/index.ts';
import { listTotals } from '../src/modules/contract-lists/repo.ts';

const anyFacts = {
  has_details: true,
  has_rule: true,
  is_due: true,
  has_opened: true,
  had_time: true,
  can_pause: true,
};

/**
 * Checks one contract's log: no gap, legal in the machine, verified, and the state its last row's.
 */
export async function checkContract(deps: Deps, contract_id: string): Promise<void> {
  const [row, log] = await Promise.all([
    deps.db
      .selectFrom('contract_sign_requests')
      .where('contract_id', '=', contract_id)
      .selectAll()
      .executeTakeFirstOrThrow(),
    deps.db
      .selectFrom('log')
      .where('subject_kind', '=', 'contract')
      .where('subject_id', '=', contract_id)
      .orderBy('seq')
      .selectAll()
      .execute(),
  ]);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index));
  let state: ContractState | null = null;
  for (const entry of log) {
    expect(entry.from_state).toBe(state);
    const decision = decide(contractMachine, {
      state,
      action: entry.action as ContractAction,
      role: entry.role as ContractRole,
      facts: anyFacts,
      // The one action that leads from one state to several: what the chain says decides.
      ...(entry.action === 'import' ? { to: entry.to_state as ContractState } : {}),
    });
    expect(decision).toMatchObject({ ok: true, to: entry.to_state });
    state = entry.to_state as ContractState;
  }
  expect(row).toMatchObject({ state, version: log.length, head_hash: log.at(-1)?.hash });
  const ended = state !== null && isEnded(state);
  expect(row.ended_at !== null).toBe(ended);
  expect(row.refund_e9s !== null).toBe(ended);
  if (row.refund_e9s !== null) expect(row.refund_e9s <= row.total_e9s).toBe(true);
  const evidence = await contractEvidence(deps, contract_id);
  const verdict = await verifyEvidence(evidence, verifyEd25519Node, {
    head: row.head_hash,
    service_keys: [deps.serviceKey.public_key],
    now: deps.clock.now(),
  });
  expect(verdict).toMatchObject({ ok: true, entries: log.length });
  if (!verdict.ok) return;
  // What follows from the log alone is what the row says.
  const {
    extension,
    has_opened: _,
    delivery: __,
    choices,
    pays_by: ___,
    ...standing
  } = verdict.standing;
  expect(row).toMatchObject({
    ...standing,
    pauses: JSON.stringify(standing.pauses),
    extension_by: extension?.by_role ?? null,
    operating_system: choices?.operating_system ?? null,
  });
}

/** Checks one offering's log: chained without a gap, legal in the machine, and as its row says. */
export async function checkOffering(deps: Pick<Deps, 'db'>, offering_id: string): Promise<void> {
  const [row, log] = await Promise.all([
    deps.db
      .selectFrom('offerings')
      .where('id', '=', offering_id)
      .selectAll()
      .executeTakeFirstOrThrow(),
    deps.db
      .selectFrom('log')
      .where('subject_kind', '=', offeringMachine.name)
      .where('subject_id', '=', offering_id)
      .orderBy('seq')
      .selectAll()
      .execute(),
  ]);
  // One that was made before there were logs begins with a move.
  let state = (log[0]?.from_state ?? null) as OfferingState | null;
  let prev: string | null = null;
  for (const [seq, entry] of log.entries()) {
    const statement = JSON.parse(entry.statement) as Statement;
    expect(hashOf(statement)).toBe(entry.hash);
    expect(canonical(statement)).toBe(entry.statement);
    expect(statement).toMatchObject({ subject_id: offering_id, seq, prev, action: entry.action });
    expect(entry).toMatchObject({ seq, prev_hash: prev, from_state: state, signature: null });
    const decision = decide(offeringMachine, {
      state,
      action: entry.action as OfferingAction,
      role: entry.role as OfferingRole,
      facts: { has_price: true },
    });
    expect(decision).toMatchObject({ ok: true, to: entry.to_state });
    state = entry.to_state as OfferingState;
    prev = entry.hash;
  }
  expect(row).toMatchObject({ log_length: log.length, head_hash: prev });
  const last = log.at(-1);
  if (last === undefined) return;
  const { terms_hash, visibility } = row;
  expect(row.state).toBe(state);
  expect((JSON.parse(last.statement) as Statement).data).toMatchObject({ terms_hash, visibility });
}

/** Stock is never negative, and what is out is exactly what living contracts and holds keep. */
export async function checkStock(deps: Deps, offering_id: string, units: number): Promise<void> {
  const { stock } = await deps.db
    .selectFrom('offerings')
    .where('id', '=', offering_id)
    .select('stock')
    .executeTakeFirstOrThrow();
  const states = await deps.db
    .selectFrom('contract_sign_requests')
    .where('offering_id', '=', offering_id)
    .select('state')
    .execute();
  const living = states.filter(({ state }) => !isEnded(state as ContractState)).length;
  const holds = await deps.db
    .selectFrom('offering_holds')
    .where('offering_id', '=', offering_id)
    .select('id')
    .execute();
  expect(stock).toBeGreaterThanOrEqual(0);
  expect(stock + living + holds.length).toBe(units);
}

/** What the database keeps of an account's contracts is what adding them up gives. */
export async function checkTotals({ db }: Pick<Deps, 'db'>, account_id: string): Promise<void> {
  const actor = { acting_for: account_id } as AccountActor;
  for (const side of ['renter', 'provider'] as const) {
    const rows = await db
      .selectFrom('contract_sign_requests')
      .where(`${side}_id`, '=', account_id)
      .selectAll()
      .execute();
    const sums = new Map<string, { contracts: number; amount_e9s: bigint }>();
    for (const { state, extension_by, currency, total_e9s, refund_e9s } of rows) {
      const name = [state, extension_by ?? '', currency].join();
      const { contracts, amount_e9s } = sums.get(name) ?? { contracts: 0, amount_e9s: 0n };
      sums.set(name, {
        contracts: contracts + 1,
        amount_e9s: amount_e9s + total_e9s - (refund_e9s ?? 0n),
      });
    }
    const totals = await listTotals(db, actor, side);
    expect(
      new Map(
        totals.map(({ state, extension_by, currency, contracts, amount_e9s }) => [
          [state, extension_by, currency].join(),
          { contracts, amount_e9s },
        ]),
      ),
    ).toEqual(sums);
  }
}
