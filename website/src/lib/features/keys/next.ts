interface Address {
  origin: string;
  searchParams: Pick<URLSearchParams, 'get'>;
}

/**
 * Where `?next=` leads after signing in: a page of this site, or null. The URL parser decides what
 * it names, and again what is made of it does.
 */
export function nextOf({ searchParams, origin }: Address): string | null {
  const next = searchParams.get('next') ?? '';
  if (!next.startsWith('/') || !URL.canParse(next, origin)) return null;
  const url = new URL(next, origin);
  const path = `${url.pathname}${url.search}${url.hash}`;
  // A path may itself begin with two slashes, as in `/.//evil.example`.
  return url.origin === origin && new URL(path, origin).href === url.href ? path : null;
}

/** A page that leads on to the same `?next=`. */
export const withNext = (path: string, next: string | null): string =>
  next === null ? path : `${path}?next=${encodeURIComponent(next)}`;
