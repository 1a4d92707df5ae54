import type { MeView } from '@berth/shared/accounts/schemas';
import { markRead } from '#lib/features/notices/mark-read.ts';
import { dashboardLinks } from '#lib/features/shell/links.ts';
import { publicLinks } from '#lib/features/shell/places.ts';
import { chooseTheme, themes } from '#lib/theme.svelte.ts';
import { toast } from '#lib/ui/toasts.svelte.ts';
import type { Entry } from './matching.ts';

const page = (href: string, label: string): Entry => ({ id: href, label, href });

export function pagesFor(me: Pick<MeView, 'is_admin'> | null, pays: boolean): Entry[] {
  const open = [
    page('/', 'Front page'),
    ...publicLinks.map(({ href, label }) => page(href, label)),
    page('/help/search', 'How to search'),
    page('/docs', 'API documentation'),
  ];
  if (!me) return [...open, page('/sign-in', 'Sign in'), page('/sign-up', 'Sign up')];
  return [
    ...dashboardLinks(pays).flatMap(({ links }) =>
      links.map(({ href, label }) => page(href, label)),
    ),
    page('/dashboard/notices', 'Notices'),
    ...open,
    ...(me.is_admin ? [page('/admin', 'Admin')] : []),
  ];
}

const themeWords = {
  system: 'Theme as the system',
  light: 'Light theme',
  dark: 'Dark theme',
};

async function copyAddress(): Promise<void> {
  await navigator.clipboard.writeText(location.href);
  toast({ title: 'Address copied' });
}

export function actionsFor(me: unknown, onhelp: () => void): Entry[] {
  const own: Entry[] = me
    ? [
        page('/dashboard/provider/offerings/new', 'New offering'),
        page('/dashboard/provider/offerings/import', 'Import offerings from a file'),
        page('/dashboard/provider/offerings/sheet', 'Edit offerings as a spreadsheet'),
        {
          id: 'read',
          label: 'Mark all notices as read',
          run: () => markRead({ all: true }),
        },
      ]
    : [];
  return [
    ...own,
    { id: 'copy', label: 'Copy the address of this page', run: copyAddress },
    ...themes.map((theme) => ({
      id: theme,
      label: themeWords[theme],
      run: () => chooseTheme(theme),
    })),
    { id: 'keys', label: 'Show the keys', run: onhelp },
  ];
}
