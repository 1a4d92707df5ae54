import type { NoticeCategory, NoticeKind } from '@berth/shared/notices/kinds';

/** A line of what a mail is about: text, or an ISO time that is shown in the reader's zone. */
export type MailFact = { label: string } & ({ text: string } | { at: string });

/** What a mail says, before it is text and HTML; JSON keeps it. Texts come from anybody. */
export interface MailContent {
  /** Which kind of notice it tells of; the others are of mail itself. */
  kind: NoticeKind | 'gathered' | 'confirm';
  title: string;
  /** What it means and what to do; also what a phone shows beside the title. */
  text: string;
  facts: MailFact[];
  /** What else is told, each with where it leads. */
  items: { title: string; path: string; at: string }[];
  /** Where it leads on the site, and the words on that. */
  button: { label: string; path: string } | null;
  /** What one press ends: this kind, or all that is gathered; null where nothing can be. */
  ends: NoticeCategory | 'all' | null;
}
