import { counted } from '@berth/shared/count';
import { webhooks } from '@berth/shared/webhooks/endpoints';
import { secretOverlapHours } from '@berth/shared/webhooks/limits';
import type { DeliveryState, WebhookView } from '@berth/shared/webhooks/schemas';
import { invalidate } from '$app/navigation';
import { call } from '#lib/api.ts';
import type { Tone } from '#lib/ui/types.ts';

export const refreshWebhooks = (): Promise<void> => invalidate('berth:webhooks');

type Why = NonNullable<WebhookView['disabled']>['by'];

export const whyDisabled: Record<Why, string> = {
  owner: 'You disabled it.',
  gone: 'It answered 410, which says that it is gone.',
  failing: 'Ten tries in three days came to nothing.',
  full: 'It fails, and thousands of events wait behind that.',
};

export const stateWords: Record<DeliveryState, { label: string; tone: Tone }> = {
  waiting: { label: 'Waiting', tone: 'waiting' },
  delivered: { label: 'Delivered', tone: 'good' },
  undelivered: { label: 'Not delivered', tone: 'bad' },
  dropped: { label: 'Dropped', tone: 'neutral' },
};

const HOURS_A_DAY = 24;
export const overlapOptions = secretOverlapHours.map((hours) => ({
  value: String(hours),
  label:
    hours === 0
      ? 'Signs no more'
      : `Signs for ${hours < HOURS_A_DAY ? counted(hours, 'hour') : counted(hours / HOURS_A_DAY, 'day')} more`,
}));

export const changeWebhook = (
  webhook_id: string,
  body: { enabled: boolean },
): Promise<WebhookView> => call(webhooks.change, { params: { webhook_id }, body });

export const removeWebhook = (webhook_id: string): Promise<void> =>
  call(webhooks.remove, { params: { webhook_id } });

export const sendTest = (webhook_id: string) => call(webhooks.test, { params: { webhook_id } });

export const replayOne = (webhook_id: string, delivery_id: string) =>
  call(webhooks.replay, { params: { webhook_id }, body: { ids: [delivery_id] } });

/** What failed or was dropped since a time, as ISO text. */
export const replayMissed = (webhook_id: string, since: string, until: string) =>
  call(webhooks.replay, {
    params: { webhook_id },
    body: { since, until, states: ['undelivered', 'dropped'] },
  });

export const showDelivery = (webhook_id: string, delivery_id: string) =>
  call(webhooks.delivery, { params: { webhook_id, delivery_id } });
