import type { AdminLogReply } from '@berth/shared/admin/schemas';

type Act = AdminLogReply['items'][number];

const words: Record<Act['act'], (subject: string) => string> = {
  grant: (handle) => `Made @${handle} an admin`,
  revoke: (handle) => `Made @${handle} an account like any other again`,
  transfer: (what) => `Booked a transfer: ${what}`,
  run_again: (work) => `Had what failed tried again: ${work}`,
  icp_run: (canister) => `Asked for an import of the Internet Computer ${canister}`,
};

export const actWords = ({ act, subject }: Pick<Act, 'act' | 'subject'>): string =>
  words[act](subject);

export const byWords = ({ by }: Pick<Act, 'by'>): string =>
  by === null ? 'The command on the machine' : `@${by.handle}`;
