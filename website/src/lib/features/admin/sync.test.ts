import type { AdminIcpView, RunView } from '@berth/shared/icp/schemas';
import { describe, expect, test } from 'vitest';
import { bytesWords, faceOf, lagWords, sentenceOf, shareOf } from './sync.ts';

const run: RunView = {
  id: 'run_1',
  source: 'icp',
  started_at: '2026-11-21T10:00:00.000Z',
  ended_at: '2026-11-21T10:00:05.000Z',
  position: 3_000,
  blocks: 2,
  entries: 9,
  refused: 1,
  bytes: 1_000,
  outcome: 'done',
  detail: null,
};
const sync: AdminIcpView = {
  canister: 'ggi4a-wyaaa-aaaai-actqq-cai',
  tip: {
    position: 5_048,
    blocks: 5,
    block_hash: 'aa',
    block_at: '2026-11-21T09:05:00.000Z',
    seen_at: '2026-11-21T10:00:00.000Z',
  },
  cursor: {
    position: 3_000,
    blocks: 2,
    entries: 9,
    block_hash: 'bb',
    block_at: '2026-11-21T09:00:00.000Z',
  },
  lag_bytes: 2_048,
  running: false,
  asked_at: null,
  runs: [run],
  counts: [],
};
const never = { ...sync, tip: null, cursor: null, lag_bytes: null, runs: [] };

describe('how the import of the chain stands', () => {
  test('is said for every state it can be in', () => {
    const said = (change: Partial<AdminIcpView>) => faceOf({ ...sync, ...change }).word;
    expect(said({ lag_bytes: 0 })).toBe('Up to date');
    expect(said({})).toBe('Behind');
    expect(said({ running: true })).toBe('Importing');
    expect(said({ asked_at: run.started_at })).toBe('Asked for');
    expect(said({ ...never, canister: null })).toBe('Off');
    expect(said(never)).toBe('Never run');
    expect(said({ canister: null })).toBe('Not followed');
    for (const outcome of ['fork', 'broken_block', 'failed'] as const) {
      expect(faceOf({ ...sync, runs: [{ ...run, outcome }] }).tone).toBe('bad');
    }
  });

  test('says of a fork that nothing was changed, and what to do', () => {
    const { detail, todo } = faceOf({ ...sync, runs: [{ ...run, outcome: 'fork' }] });
    expect(detail).toContain('Nothing was changed');
    expect(todo?.[0]).toContain('ICP_CANISTER');
  });

  test('tells how far behind it is in blocks, bytes and time, as far as that is known', () => {
    expect(lagWords(sync)).toBe('3 blocks, 2.0 KiB, 5 min');
    expect(lagWords({ ...sync, lag_bytes: 0 })).toBe('nothing');
    expect(lagWords(never)).toBe('not known yet');
  });

  test('shows of a run how much of its way it has read', () => {
    expect(shareOf(run, 4_000)).toBe(50);
    expect(shareOf(run, 2_500)).toBe(100);
    expect(shareOf(run, null)).toBe(null);
  });

  test('writes sizes and reasons for people', () => {
    expect([bytesWords(1), bytesWords(1_536), bytesWords(5_242_880)]).toEqual([
      '1 byte',
      '1.5 KiB',
      '5.0 MiB',
    ]);
    expect(sentenceOf('its key is none')).toBe('Its key is none.');
  });
});
