interface Address {
  origin: string;
  searchParams: Pick<URLSearchParams, 'get'>;
}

/** Where `?next=` leads after signing in: a page of this site, or null. */
export function nextOf({ searchParams, origin }: Address): string | null {
  const next = searchParams.get('next') ?? '';
  if (!next.startsWith('/') || !URL.canParse(next, origin)) return null;
  const url = new URL(next, origin);
  return url.origin === origin ? `${url.pathname}${url.search}${url.hash}` : null;
}

/** A page that leads on to the same `?next=`. */
export const withNext = (path: string, next: string | null): string =>
  next === null ? path : `${path}?next=${encodeURIComponent(next)}`;
