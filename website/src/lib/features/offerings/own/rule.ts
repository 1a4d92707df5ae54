import { offerings } from '@berth/shared/offerings/endpoints';
import type { OwnOfferingView } from '@berth/shared/offerings/schemas';
import { problem } from '@berth/shared/problems';
import { DAY_MS, isoAt } from '@berth/shared/time';
import { call } from '#lib/api.ts';
import { lengthError } from '../lengths.ts';
import { clock } from '#lib/ui/clock.svelte.ts';
import { dateWords } from '#lib/ui/time-words.ts';

export const ruleDays = [7, 30, 90] as const;
export const MOST_RULE_DAYS = 90;

/** The day a rule of so many days ends when it is signed now. */
export const untilWords = (days: number): string =>
  dateWords(clock.now_ms + days * DAY_MS, clock.zone);

interface RuleAsk {
  max_hours: number | null;
  days: number;
  idempotency_key: string;
}

/** Signs the rule with this browser's key and sets it. Throws problems, with errors by field. */
export async function setRule(
  offering: Pick<OwnOfferingView, 'id' | 'min_hours' | 'max_hours'>,
  { max_hours, days, idempotency_key }: RuleAsk,
): Promise<void> {
  const message = lengthError(max_hours, offering);
  if (message !== undefined || max_hours === null) {
    const errors = [{ pointer: '/rule/max_hours', message: message ?? '' }];
    throw problem('request.invalid', undefined, { errors });
  }
  const [{ getSigner }, { autoAcceptText }] = await Promise.all([
    import('#lib/features/keys/signer.ts'),
    import('@berth/shared/signing/auto-accept'),
  ]);
  const { by, now_ms, sign } = await getSigner('provider');
  const at_ms = now_ms();
  const rule = {
    offering_id: offering.id,
    provider_key: by,
    max_hours,
    at: isoAt(at_ms),
    expires_at: isoAt(at_ms + days * DAY_MS),
  };
  const signature = await sign(autoAcceptText(rule));
  const params = { offering_id: offering.id };
  await call(offerings.setAutoAccept, { params, body: { rule, signature } }, { idempotency_key });
}
