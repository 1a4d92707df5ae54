import Boxes from '@lucide/svelte/icons/boxes';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import Heart from '@lucide/svelte/icons/heart';
import Inbox from '@lucide/svelte/icons/inbox';
import KeyRound from '@lucide/svelte/icons/key-round';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import Server from '@lucide/svelte/icons/server';
import UserRound from '@lucide/svelte/icons/user-round';
import Wallet from '@lucide/svelte/icons/wallet';
import Webhook from '@lucide/svelte/icons/webhook';
import type { IconComponent } from '#lib/ui/types.ts';

export interface ShellLink {
  href: string;
  label: string;
  /** Fits under an icon on a phone. */
  short: string;
  icon: IconComponent;
  /** What one does at a desk: a phone's bar has no room for it. */
  at_desk?: true;
}

const BILLING = '/dashboard/billing';
const EARNINGS = '/dashboard/provider/earnings';

interface LinkGroup {
  heading: string | null;
  links: ShellLink[];
}

const groups: readonly LinkGroup[] = [
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
      { href: EARNINGS, label: 'Earnings', short: 'Earnings', icon: ChartColumn, at_desk: true },
    ],
  },
  {
    heading: 'You',
    links: [
      { href: BILLING, label: 'Billing', short: 'Billing', icon: Wallet },
      { href: '/dashboard/account', label: 'Account', short: 'Account', icon: UserRound },
    ],
  },
  {
    heading: 'Programs',
    links: [
      {
        ...{ href: '/dashboard/tokens', label: 'API tokens', short: 'Tokens', icon: KeyRound },
        at_desk: true,
      },
      {
        ...{ href: '/dashboard/webhooks', label: 'Webhooks', short: 'Webhooks', icon: Webhook },
        at_desk: true,
      },
    ],
  },
];

/** The dashboard's pages; those of money are there where contracts are paid here. */
export const dashboardLinks = (pays: boolean): LinkGroup[] =>
  groups.map(({ links, ...group }) => ({
    ...group,
    links: links.filter(({ href }) => pays || (href !== BILLING && href !== EARNINGS)),
  }));
