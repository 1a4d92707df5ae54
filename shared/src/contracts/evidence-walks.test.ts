import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contractMachine, isEnded, type ContractRole } from './machine.ts';
import { offeredFacts } from './guards.ts';
import { writeLog, writeStanding, type Step } from '../../test/log.ts';
import { nextMoves } from '../machine.ts';
import { verifyEd25519Node } from '../signing/verify-node.ts';
import { DAY_MS, MINUTE_MS } from '../time.ts';
import { verifyEvidence } from './evidence.ts';
import { statementData, dataKindOf } from './statement-data.ts';

const WALKS = 25;
const verify = (log: unknown) => verifyEvidence(log, verifyEd25519Node);
const begins: Step[] = [
  { action: 'request', role: 'renter' },
  { action: 'submit', role: 'system' },
];
/** A request that waits for its money. */
const beginsUnpaid: Step[] = [{ action: 'request', role: 'renter', data: { pays_by: 'card' } }];

/** A random life that the machine allows: the picks choose among the moves of all three roles. */
function walk(picks: readonly number[]): Step[] {
  const steps = [...((picks[0] ?? 0) % 4 === 0 ? beginsUnpaid : begins)];
  for (const pick of picks) {
    const standing = writeStanding(steps);
    const { state, due_at, has_opened } = standing;
    if (state === null || isEnded(state)) break;
    const facts = { ...offeredFacts, has_opened, has_rule: true, is_due: due_at !== null };
    const moves = (['renter', 'provider', 'system'] as const).flatMap((role: ContractRole) =>
      nextMoves(contractMachine, { state, role, facts })
        .filter(({ action }) => action !== 'import')
        .map(({ action, needs }) => ({ action, role, isTimed: role === 'system' && needs })),
    );
    const move = moves[pick % moves.length];
    if (move === undefined) break;
    const { action, role, isTimed } = move;
    // What waits for a deadline comes long after; an acceptance by rule comes at once.
    const after = isTimed && action !== 'accept' && !has_opened ? 3 * (DAY_MS / MINUTE_MS) : 10;
    steps.push({ action, role, after: action === 'complete' ? 3 * (DAY_MS / MINUTE_MS) : after });
  }
  return steps;
}

const walks = fc.array(fc.nat(60), { minLength: 1, maxLength: 10 }).map(walk);

/** What a signer may say as it likes, so that another value makes another log that is right. */
const free = new Set([
  'request.nonce',
  'request.pays_by',
  'cancel.fault',
  'fail.fault',
  'mark_provisioned.envelope_digest',
  'rotate_credentials.envelope_digest',
  'accept_by_rule.rule_key',
]);

function another(value: unknown): unknown {
  if (value === null) return 'a'.repeat(64);
  if (value !== undefined && !Array.isArray(value) && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, another(one)]));
  }
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,19}$/.test(value)) return (BigInt(value) + 1n).toString();
  if (value === 'USD') return 'EUR';
  return value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');
}

test('every life that the machine allows verifies, and no field of it can say something else', async () => {
  await fc.assert(
    fc.asyncProperty(walks, fc.nat(), fc.nat(), async (steps, place, pick) => {
      const log = writeLog(steps);
      const { state } = writeStanding(steps);
      const verdict = await verify(log);
      expect(verdict).toMatchObject({ ok: true, standing: { state } });
      const at = place % steps.length;
      const step = steps[at] as Step;
      const kind = dataKindOf(step.action, step.role, at);
      const fields = Object.keys(statementData[kind].shape).filter(
        (field) => !free.has(`${kind}.${field}`),
      );
      const field = fields[pick % fields.length];
      if (field === undefined) return;
      const said = log.entries[at]?.statement.data[field];
      const changed = steps.with(at, { ...step, data: { ...step.data, [field]: another(said) } });
      expect(await verify(writeLog(changed))).toMatchObject({ ok: false, at });
    }),
    { numRuns: WALKS },
  );
});

test('no entry of a life can be left out, made twice, made by another or dated before', async () => {
  await fc.assert(
    fc.asyncProperty(walks, fc.nat(), async (steps, place) => {
      const at = place % steps.length;
      const step = steps[at] as Step;
      const others = (['renter', 'provider', 'system'] as const).filter(
        (role) => role !== step.role,
      );
      for (const role of others) {
        const made = contractMachine.moves.some(
          (row) => row.action === step.action && row.by.includes(role),
        );
        if (made) continue;
        expect(await verify(writeLog(steps.with(at, { ...step, role })))).toMatchObject({ at });
      }
      if (at > 0) {
        const before = await verify(writeLog(steps.with(at, { ...step, after: -1 })));
        expect(before).toMatchObject({ ok: false, at, broke: 'time' });
      }
      const { state } = writeStanding(steps.slice(0, at));
      const moves = writeStanding(steps.slice(0, at + 1)).state !== state;
      if (!moves) return;
      const doubled = await verify(writeLog(steps.toSpliced(at, 0, step)));
      expect(doubled).toMatchObject({ ok: false, at: at + 1 });
      if (at === 0) expect(await verify(writeLog(steps.slice(1)))).toMatchObject({ at: 0 });
    }),
    { numRuns: WALKS },
  );
});
