import { endpoints } from '@berth/shared/endpoints';
import type { MeView } from '@berth/shared/accounts/schemas';
import type { Handle } from '@sveltejs/kit/hooks';
import type { RequestEvent } from '@sveltejs/kit';
import { outcomeOf } from '#lib/server/api.ts';

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};
const TWO_YEARS_S = 63_072_000;

export const handle: Handle = async ({ event, resolve }) => {
  let me: Promise<MeView | null> | undefined;
  event.locals.me = () => (me ??= whoIs(event));
  const response = await resolve(event, {
    preload: ({ type, path }) =>
      type !== 'asset' && (type !== 'font' || path.includes('inter-latin-')),
  });
  // What a page shows depends on who asks, and a deploy changes every page.
  if (!response.headers.has('cache-control')) {
    response.headers.set('cache-control', 'private, no-cache');
  }
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  if (event.url.protocol === 'https:') {
    response.headers.set('strict-transport-security', `max-age=${TWO_YEARS_S}`);
  }
  return response;
};

async function whoIs(event: RequestEvent): Promise<MeView | null> {
  if (event.request.headers.get('cookie') === null) return null;
  const outcome = await outcomeOf(event, endpoints.accounts.me);
  return outcome.ok ? outcome.value : null;
}
