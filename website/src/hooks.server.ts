import { accounts } from '@berth/shared/accounts/endpoints';
import type { MeView } from '@berth/shared/accounts/schemas';
import type { Handle } from '@sveltejs/kit/hooks';
import type { RequestEvent } from '@sveltejs/kit';
import { outcomeOf } from '#lib/server/api.ts';

/** Of pages alone; what every answer carries, the server that these run in sets. */
const pageHeaders = {
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

export const handle: Handle = async ({ event, resolve }) => {
  let me: Promise<MeView | null> | undefined;
  event.locals.me = () => (me ??= whoIs(event));
  const response = await resolve(event, {
    preload: ({ type, path }) =>
      type !== 'asset' && (type !== 'font' || path.includes('inter-latin-')),
  });
  for (const [name, value] of Object.entries(pageHeaders)) response.headers.set(name, value);
  return response;
};

async function whoIs(event: RequestEvent): Promise<MeView | null> {
  if (event.request.headers.get('cookie') === null) return null;
  const outcome = await outcomeOf(event, accounts.me);
  return outcome.ok ? outcome.value : null;
}
