import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Endpoint } from '@berth/shared/endpoint';
import { isProblem, problem } from '@berth/shared/problems';
import type { FieldError, Problem, ProblemCode, ProblemDocument } from '@berth/shared/problems';
import type * as z from 'zod';

const PROBLEM_JSON = 'application/problem+json';

/** When to come back, in seconds; the rate limit sets its own. */
const RETRY_AFTER_S: Partial<Record<ProblemCode, number>> = {
  'service.busy': 1,
  'service.disk_full': 30,
  'idempotency.in_flight': 1,
};

/** What Fastify refuses before a handler runs, by its code or status. */
const FRAMEWORK: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.malformed',
  FST_ERR_BAD_URL: 'request.malformed',
};

/** One body for whatever is missing or hidden, so that it tells nothing. */
export const notFound = (): Problem => problem('request.not_found');

/** Fields that one answer names, and how long a name in it and its sentence may be. */
const MAX_FIELD_ERRORS = 100;
const MAX_POINTER_CHARS = 200;
const MAX_MESSAGE_CHARS = 500;

/** Turns a failed zod parse into `request.invalid` with a pointer per field, the first ones. */
export function invalid(error: z.ZodError, prefix = ''): Problem {
  const errors: FieldError[] = error.issues.slice(0, MAX_FIELD_ERRORS).map(({ path, message }) => ({
    pointer: `${prefix}${path.map((step) => `/${escapeStep(String(step))}`).join('')}`.slice(
      0,
      MAX_POINTER_CHARS,
    ),
    message: message.slice(0, MAX_MESSAGE_CHARS),
  }));
  return problem('request.invalid', errors[0]?.message, { errors });
}

/** RFC 6901. */
const escapeStep = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1');

/** Answers every error of this scope as a problem, and what no route takes as 404 or 405. */
export function registerProblems(app: FastifyInstance, endpoints: readonly Endpoint[]): void {
  const addresses = endpoints.map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`),
  }));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = isProblem(error) ? error : ofFramework(error);
    if (known === null) request.log.error({ err: error }, 'a request failed');
    return sendProblem(request, reply, known ?? problem('service.error'));
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.slice(app.prefix.length).split('?');
    const methods = addresses.filter(({ pattern }) => pattern.test(path)).map((a) => a.method);
    if (methods.length === 0) return sendProblem(request, reply, notFound());
    reply.header('allow', [...new Set(methods)].sort().join(', '));
    return sendProblem(request, reply, problem('request.method_not_allowed'));
  });
}

/** The problem of an error that Fastify made; null when the fault is ours. */
export function ofFramework(error: FastifyError): Problem | null {
  const code = FRAMEWORK[error.code];
  if (code !== undefined) return problem(code);
  const { statusCode: status } = error;
  return status !== undefined && status >= 400 && status < 500
    ? problem('request.malformed')
    : null;
}

/** Answers with the problem's document; a 404 has nothing that tells one from another. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  { problem: it }: Problem,
): FastifyReply {
  request.refusal = it.code;
  const hidden = it.code === 'request.not_found';
  const document: ProblemDocument = hidden
    ? notFound().problem
    : { ...it, instance: `/requests/${request.id}` };
  const retry_after_s = RETRY_AFTER_S[it.code];
  if (retry_after_s !== undefined) reply.header('retry-after', retry_after_s);
  return reply.code(it.status).type(PROBLEM_JSON).send(toJson(document));
}

/** Amounts ride along as decimal text, as everywhere in JSON. */
const toJson = (document: ProblemDocument): string =>
  JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
