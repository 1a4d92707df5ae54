import { counted } from '@berth/shared/count';
import type { AdminIcpView, RunView } from '@berth/shared/icp/schemas';
import { durationWords } from '#lib/ui/time-words.ts';
import type { Tone } from '#lib/ui/types.ts';

/** How the import stands: a word, a sentence, and what to do where something is wrong. */
export interface SyncFace {
  tone: Tone;
  /** Fits in a badge. */
  word: string;
  title: string;
  /** This and what to do are shown by `Coded`. */
  detail: string;
  /** In order. */
  todo?: readonly string[];
}

type Outcome = RunView['outcome'];
type Troubled = Exclude<Outcome, 'running' | 'done' | 'stopped'>;

const troubles: Record<Troubled, SyncFace> = {
  fork: {
    tone: 'bad',
    word: 'Another chain',
    title: 'This is not the Internet Computer that was imported',
    detail:
      'What stands there before the next block is not what was read here. Nothing was changed: every import is refused until this is settled.',
    todo: [
      'Look whether `ICP_CANISTER` and `ICP_HOST` name the Internet Computer you mean; put them right and start Berth again.',
      'If they do, the Internet Computer was replaced or set back. Compare the hash of the last imported block below with another copy of the Internet Computer before you trust either.',
      'Contracts never change hands by a fork. To follow the other chain, import it into an empty database.',
    ],
  },
  broken_block: {
    tone: 'bad',
    word: 'Broken block',
    title: 'A block cannot be read',
    detail: 'Everything before it is imported, and nothing of it or after it.',
    todo: [
      'The next import reads it again by itself: a page that arrived damaged is whole then.',
      'If it stays, fetch the bytes at that offset from another copy of the Internet Computer and compare them.',
    ],
  },
  unreachable: {
    tone: 'waiting',
    word: 'Not reached',
    title: 'The Internet Computer could not be reached',
    detail: 'It is tried again by itself, after longer and longer pauses.',
  },
  failed: {
    tone: 'bad',
    word: 'Failed',
    title: 'The last import failed',
    detail: 'It is tried again by itself. The log of the process says more.',
  },
  killed: {
    tone: 'waiting',
    word: 'Interrupted',
    title: 'The last import was interrupted',
    detail: 'Nothing was lost: the next one goes on after the last whole block.',
  },
};

const isTrouble = (outcome: Outcome): outcome is Troubled => outcome in troubles;

const off: SyncFace = {
  tone: 'neutral',
  word: 'Off',
  title: 'No chain is followed here',
  detail: 'Berth imports a chain by itself once it knows which one.',
  todo: [
    'Set `ICP_CANISTER` to the canister to read (in production `ggi4a-wyaaa-aaaai-actqq-cai`) and start Berth again.',
    'Or import a file of blocks on the machine: `npm run icp -- import --file PATH`',
  ],
};

export function faceOf(sync: AdminIcpView): SyncFace {
  const [last] = sync.runs;
  if (sync.running) {
    return face(
      'progress',
      'Importing',
      'The Internet Computer is being imported',
      'It shows here as it goes.',
    );
  }
  if (sync.asked_at !== null) {
    return face('progress', 'Asked for', 'An import is asked for', 'It begins within moments.');
  }
  if (last !== undefined && isTrouble(last.outcome)) return troubles[last.outcome];
  if (sync.canister === null && sync.cursor === null) return off;
  if (sync.cursor === null) {
    const detail = 'The first import begins by itself, or at once when you ask for it.';
    return face('neutral', 'Never run', 'Nothing is imported yet', detail);
  }
  if (sync.canister === null) {
    const detail = 'It was imported on the machine. Set `ICP_CANISTER` to follow it from there.';
    return face(
      'neutral',
      'Not followed',
      'The Internet Computer is imported, and not followed',
      detail,
    );
  }
  if ((sync.lag_bytes ?? 0) > 0) {
    return face(
      'waiting',
      'Behind',
      'The Internet Computer has grown',
      `Behind by ${lagWords(sync)}.`,
    );
  }
  return face('good', 'Up to date', 'Up to date', 'It looks for what is new every half minute.');
}

const face = (tone: Tone, word: string, title: string, detail: string): SyncFace => ({
  tone,
  word,
  title,
  detail,
});

const KIB = 1024;
const byteUnits = ['bytes', 'KiB', 'MiB', 'GiB'];

/** `512 bytes`, `3.4 MiB`. */
export function bytesWords(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= KIB && unit < byteUnits.length - 1) {
    size /= KIB;
    unit += 1;
  }
  if (unit === 0) return counted(size, 'byte');
  return `${size.toFixed(1)} ${byteUnits[unit] ?? ''}`;
}

/** How far the import is behind: blocks, bytes and time, as far as they are known. */
export function lagWords({ tip, cursor, lag_bytes }: AdminIcpView): string {
  if (tip === null || cursor === null) return 'not known yet';
  if (lag_bytes === 0) return 'nothing';
  const blocks = tip.blocks === null ? 0 : tip.blocks - cursor.blocks;
  const time_ms =
    tip.block_at === null ? 0 : Date.parse(tip.block_at) - Date.parse(cursor.block_at);
  const parts = [
    ...(blocks > 0 ? [counted(blocks, 'block')] : []),
    ...(lag_bytes === null ? [] : [bytesWords(lag_bytes)]),
    ...(time_ms > 0 ? [durationWords(time_ms)] : []),
  ];
  return parts.join(', ') || 'not known yet';
}

/** How much of the way to the chain's end a run has read; null where the end is not known. */
export function shareOf(run: RunView, tip_position: number | null): number | null {
  const start = run.position - run.bytes;
  if (tip_position === null || tip_position <= start) return null;
  return Math.min(100, Math.floor((100 * run.bytes) / (tip_position - start)));
}

export const outcomeLooks: Record<Outcome, { word: string; tone: Tone }> = {
  running: { word: 'Running', tone: 'progress' },
  done: { word: 'Done', tone: 'good' },
  stopped: { word: 'Stopped', tone: 'neutral' },
  killed: { word: troubles.killed.word, tone: troubles.killed.tone },
  fork: { word: troubles.fork.word, tone: troubles.fork.tone },
  broken_block: { word: troubles.broken_block.word, tone: troubles.broken_block.tone },
  unreachable: { word: troubles.unreachable.word, tone: troubles.unreachable.tone },
  failed: { word: troubles.failed.word, tone: troubles.failed.tone },
};

/** A reason of the importer, `its key is none`, as a sentence. */
export const sentenceOf = (reason: string): string =>
  `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}${reason.endsWith('.') ? '' : '.'}`;
