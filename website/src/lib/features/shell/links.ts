import Boxes from '@lucide/svelte/icons/boxes';
import Heart from '@lucide/svelte/icons/heart';
import Inbox from '@lucide/svelte/icons/inbox';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import Server from '@lucide/svelte/icons/server';
import UserRound from '@lucide/svelte/icons/user-round';
import type { IconComponent } from '#lib/ui/types.ts';

export interface ShellLink {
  href: string;
  label: string;
  /** Fits under an icon on a phone. */
  short: string;
  icon: IconComponent;
}

export const publicLinks = [
  { href: '/marketplace', label: 'Marketplace' },
  { href: '/help', label: 'How it works' },
];

export const dashboardLinks: { heading: string | null; links: ShellLink[] }[] = [
  {
    heading: null,
    links: [
      { href: '/dashboard', label: 'Overview', short: 'Overview', icon: LayoutDashboard },
      { href: '/dashboard/rentals', label: 'Rentals', short: 'Rentals', icon: Server },
      { href: '/dashboard/saved', label: 'Saved', short: 'Saved', icon: Heart },
    ],
  },
  {
    heading: 'Providing',
    links: [
      { href: '/dashboard/provider/requests', label: 'Requests', short: 'Requests', icon: Inbox },
      {
        href: '/dashboard/provider/offerings',
        label: 'Offerings',
        short: 'Offerings',
        icon: Boxes,
      },
    ],
  },
  {
    heading: 'You',
    links: [{ href: '/dashboard/account', label: 'Account', short: 'Account', icon: UserRound }],
  },
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
