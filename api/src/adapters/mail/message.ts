import MailComposer from 'nodemailer/lib/mail-composer';
import type { Mail } from '../../ports/mail.ts';

/** What a mail is sent from: `Berth <mail@berth.example>`, or the address alone. */
export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** Controls, line ends above all: in a header they would begin another one. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const oneLine = (text: string): string => text.replace(CONTROLS, ' ').trim();

/** A mail as it goes over the wire. The same mail has the same Message-ID each time. */
export function messageOf(mail: Mail, from: Sender): Promise<Buffer> {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const { unsubscribe_url: url } = mail;
  const composer = new MailComposer({
    from,
    to: { name: '', address: mail.to },
    subject: oneLine(mail.subject),
    text: mail.text,
    html: mail.html,
    date: new Date(mail.at),
    messageId: `<${mail.id}@${domain}>`,
    headers: {
      // Nobody's "out of office" is to answer it (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(url !== null && {
        'List-Unsubscribe': `<${url}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
    // Nothing in a mail names a file or an address that is read to make it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
