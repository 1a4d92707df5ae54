import { isProblem as isSharedProblem } from '@berth/shared/problems';
import type { FieldError, ProblemCode as ServedCode } from '@berth/shared/problems';

/** Every code that Berth answers, and the one of no answer at all. */
export type ProblemCode = ServedCode | 'service.unreachable';

/** RFC 9457 `application/problem+json`; extra members ride along. */
export interface ProblemDocument {
  type: string;
  title: string;
  /** The HTTP status; 0 where there was no answer. */
  status: number;
  code: ProblemCode;
  detail?: string;
  /** Which fields of what was sent were refused. */
  errors?: FieldError[];
  [extra: string]: unknown;
}

/** What every refusal is thrown as; its message is a sentence for a person. */
export interface BerthProblem extends Error {
  problem: ProblemDocument;
}

/** Whether something thrown is a refusal by Berth, or one with this code. */
export const isProblem = (error: unknown, code?: ProblemCode): error is BerthProblem =>
  isSharedProblem(error) && (code === undefined || error.problem.code === code);

const makeProblem = (document: ProblemDocument): BerthProblem =>
  Object.assign(new Error(document.detail ?? document.title), { problem: document });

/** A refusal by this side, before anything was sent. */
export const refuse = (code: ServedCode, detail: string): BerthProblem =>
  makeProblem({ type: `/problems/${code}`, title: detail, status: 0, code, detail });

export const unreachable = (origin: string): BerthProblem =>
  makeProblem({
    type: '/problems/service.unreachable',
    title: 'Berth could not be reached',
    status: 0,
    code: 'service.unreachable',
    detail: `Nothing answers at ${origin}. Check the address and the connection, then try again.`,
  });

/** An answer that is none of Berth's: another's, or one that was changed on its way. */
export const strange = (why: string): BerthProblem =>
  refuse('service.error', `The answer is not one of Berth. ${why}. Check the address.`);

/** The error of a refused call, whatever answered it: the API, or a proxy in front of it. */
export function problemOf(status: number, text: string): BerthProblem {
  const document = readDocument(status, text);
  if (document !== null) return makeProblem(document);
  const isBusy = status === 502 || status === 503 || status === 504;
  const code = isBusy ? 'service.busy' : 'service.error';
  const title = `The service answered ${status} without saying why. Try again.`;
  return makeProblem({ type: `/problems/${code}`, title, status, code });
}

/** As it says, but for what a program relies on: its status is that of the answer. */
function readDocument(status: number, text: string): ProblemDocument | null {
  try {
    const { code, title, detail, ...rest } = JSON.parse(text) as Record<string, unknown>;
    if (typeof code !== 'string' || typeof title !== 'string') return null;
    const said = typeof detail === 'string' ? { detail } : {};
    return { type: `/docs/problems/${code}`, ...rest, ...said, title, code, status } as never;
  } catch {
    return null;
  }
}
