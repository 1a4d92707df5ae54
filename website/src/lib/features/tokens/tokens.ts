import { tokenPermissions, tokenWords, type Permission } from '@berth/shared/access';
import { counted } from '@berth/shared/count';
import { tokens } from '@berth/shared/tokens/endpoints';
import { MAX_TOKEN_DAYS, overlapHours, tokenDays } from '@berth/shared/tokens/limits';
import type { TokenInput, TokenView } from '@berth/shared/tokens/schemas';
import { invalidate } from '$app/navigation';
import { call } from '#lib/api.ts';

/** What a token may be given, in words that begin a line. */
export const choices = tokenPermissions.map((value) => {
  const words = tokenWords(value);
  return { value, label: words.charAt(0).toUpperCase() + words.slice(1) };
});

/** What it was given, in words; a permission that tokens have no more is left out. */
export const wordsOf = (permissions: readonly Permission[]): string[] =>
  choices.filter(({ value }) => permissions.includes(value)).map(({ label }) => label);

export const dayOptions = tokenDays.map((days) => ({
  value: String(days),
  label: days === MAX_TOKEN_DAYS ? '1 year' : counted(days, 'day'),
}));

const HOURS_A_DAY = 24;

const overlapWords = (hours: number): string =>
  hours === 0
    ? 'Ends at once'
    : `Works for ${hours < HOURS_A_DAY ? counted(hours, 'hour') : counted(hours / HOURS_A_DAY, 'day')} more`;

export const overlapOptions = overlapHours.map((hours) => ({
  value: String(hours),
  label: overlapWords(hours),
}));

type Standing = 'works' | 'ended' | 'revoked';

export function standingOf({ revoked_at, secrets }: TokenView, now_ms: number): Standing {
  if (revoked_at !== null) return 'revoked';
  return secrets.some(({ expires_at }) => Date.parse(expires_at) > now_ms) ? 'works' : 'ended';
}

/** The call that tells what a token is: it works whatever the token may do. */
export const exampleOf = (origin: string, secret: string): string =>
  `curl ${origin}/api/v1/token -H "Authorization: Bearer ${secret}"`;

export const refreshTokens = (): Promise<void> => invalidate('berth:tokens');

export const makeToken = (body: TokenInput, idempotency_key: string) =>
  call(tokens.create, { body }, { idempotency_key });

export const rotateToken = (
  token_id: string,
  body: { days: number; overlap_hours: number },
  idempotency_key: string,
) => call(tokens.rotate, { params: { token_id }, body }, { idempotency_key });

export const revokeToken = (token_id: string): Promise<void> =>
  call(tokens.revoke, { params: { token_id } });
