/** What every page's head needs; the dashboard's links, with their icons, are apart from it. */
export const publicLinks = [
  { href: '/marketplace', label: 'Marketplace' },
  { href: '/help', label: 'How it works' },
];

const resultsOf: Partial<Record<string, string>> = {
  '/(public)/marketplace': 'Skip to the results',
};

/** What leads past the head of a page, and on some past its filters. */
export function skipLinks(route_id: string | null): { href: string; label: string }[] {
  const results = resultsOf[route_id ?? ''];
  return [
    { href: '#main', label: 'Skip to the content' },
    ...(results === undefined ? [] : [{ href: '#results', label: results }]),
  ];
}

/** Whether a link leads to the page one is on, or to one above it. */
export const isCurrent = (href: string, pathname: string): boolean =>
  pathname === href || (href !== '/dashboard' && pathname.startsWith(`${href}/`));
