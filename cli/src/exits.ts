import { isProblem, type ProblemCode } from '@berth/sdk';

/** What a command ends with; scripts rely on these numbers. */
export const exits = {
  done: { code: 0, means: 'It was done.' },
  refused: { code: 1, means: 'Berth refused it, and said why.' },
  wrong_use: { code: 2, means: 'The command was not given as it is used.' },
  signed_out: { code: 3, means: 'Nobody is signed in, or may do this: `berth login`.' },
  not_found: { code: 4, means: 'There is no such thing, or it is not shown to you.' },
  unreachable: { code: 5, means: 'Berth did not answer, or has too much to do.' },
  broken: { code: 6, means: 'The evidence does not verify.' },
  declined: { code: 7, means: 'You said no, so nothing was signed.' },
  ended: { code: 8, means: 'What was waited for ended otherwise.' },
  interrupted: { code: 130, means: 'It was stopped by Ctrl+C.' },
} as const;
export type ExitName = keyof typeof exits;

/** Ends a command with a sentence. */
interface Stop extends Error {
  exit: ExitName;
}

export const stop = (exit: ExitName, sentence: string): Stop =>
  Object.assign(new Error(sentence), { exit });

const isStop = (error: unknown): error is Stop => error instanceof Error && 'exit' in error;

const SIGNED_OUT: readonly ProblemCode[] = [
  'account.not_found',
  'delegation.expired',
  'delegation.invalid',
  'delegation.revoked',
  'session.expired',
  'session.missing',
  'session.scope',
  'token.invalid',
  'token.permission',
  'token.refused',
];

/** Which end a thrown error is. */
export function exitOf(error: unknown): ExitName {
  if (isStop(error)) return error.exit;
  if (!isProblem(error)) return 'refused';
  const { code, status } = error.problem;
  if (SIGNED_OUT.includes(code)) return 'signed_out';
  if (code === 'request.invalid' && status === 0) return 'wrong_use';
  if (status === 404) return 'not_found';
  const isAway = code === 'service.unreachable' || [429, 502, 503, 504].includes(status);
  return isAway ? 'unreachable' : 'refused';
}
