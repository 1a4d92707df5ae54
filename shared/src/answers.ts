import { tokenPermissions, type Permission } from './access.ts';
import { isQuery, type Endpoint } from './endpoint.ts';
import type { ProblemCode } from './problems.ts';

/** What any endpoint may answer, beside its own problems. */
const ALWAYS: readonly ProblemCode[] = [
  'request.malformed',
  'rate_limit.exceeded',
  'service.error',
  'service.busy',
];
const WITH_SESSION: readonly ProblemCode[] = [
  'session.missing',
  'session.expired',
  'session.scope',
  'delegation.limit',
  'delegation.revoked',
  'token.invalid',
  'token.permission',
];
const WITH_KEY: readonly ProblemCode[] = [
  'idempotency.missing',
  'idempotency.in_flight',
  'idempotency.reused',
  'idempotency.done',
  'service.disk_full',
];
const WITH_BODY: readonly ProblemCode[] = [
  'request.invalid',
  'request.too_large',
  'request.unsupported_media_type',
];

/** Whether it changes something by somebody, so that a repeat must be known as one. */
export const takesKey = (one: Endpoint) => !isQuery(one) && one.access !== 'anyone';

/** Whether an API token that has this permission will do. */
export const takesToken = ({ needs }: Pick<Endpoint, 'needs'>, permission: Permission): boolean =>
  needs === undefined && tokenPermissions.includes(permission);

/** Every problem that an endpoint may answer, its own first. */
export function problemsOf(one: Endpoint): ProblemCode[] {
  const codes = [...one.problems, ...ALWAYS];
  if (one.access !== 'anyone') codes.push(...WITH_SESSION);
  if (one.needs !== undefined) codes.push('token.refused');
  if (one.method !== 'GET') codes.push('origin.foreign');
  if (takesKey(one)) codes.push(...WITH_KEY);
  if (one.body !== undefined) codes.push(...WITH_BODY);
  if (one.query !== undefined) codes.push('request.invalid');
  if (one.params !== undefined) codes.push('request.not_found');
  return [...new Set(codes)];
}
