import { noticeCategories } from '@berth/shared/notices/kinds';
import type { MailContent, MailFact } from '../lib/mail-content.ts';

/** What of the reader and of the site a mail is made with. */
export interface MailPlace {
  /** The public address of this Berth, without a path. */
  origin: string;
  time_zone: string;
  /** Where mail of its kind is ended, and where all choices are; null where nothing can be. */
  unsubscribe_url: string | null;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');

/** Colours in the light; `DARK` has those that take their place. */
const INK = '#1b1f24';
const SOFT = '#5b6470';
const LINE = '#e3e6ea';
const PAGE = '#f4f5f7';
const CARD = '#ffffff';
const ACCENT = '#0d5c63';
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

const DARK = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#0f1216!important}.card{background:#181c22!important;border-color:#2b313a!important}
.ink{color:#e8ebef!important}.soft{color:#9aa4b1!important}.line{border-color:#2b313a!important}
.link{color:#63c7c7!important}.button{background:#63c7c7!important;color:#0f1216!important}
}
@media (max-width:480px){.card{padding:22px 18px!important}.button{display:block!important}}`;

/** Keeps a mail program from filling the preview with what comes after it. */
const FILLER = '&#847;&zwnj;&nbsp;'.repeat(40);

/** As in "Tue, 1 December 2026, 14:00 GMT+1"; a zone that is not known is UTC. */
function timeIn(time_zone: string, at: string): string {
  const write = (timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', {
      ...{ weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' },
      ...{ hour: '2-digit', minute: '2-digit', timeZoneName: 'short', timeZone },
    }).format(new Date(at));
  try {
    return write(time_zone);
  } catch {
    return write('UTC');
  }
}

/** Titles and values as single lines: what is in them was written by anybody. */
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** A letter that nobody sees, and at which a mail program sees no address. */
const JOINER = '\u2060';
const LINKED = /(?<=[\p{L}\p{N}-])[.@](?=[\p{L}\p{N}-]*\p{L})|:(?=\/\/)/gu;
/** What strangers call themselves and their offerings is made no link, though it looks like one. */
const unlinked = (text: string): string => text.replace(LINKED, `$&${JOINER}`);
const bodyOf = ({ title, text, facts, items, ...rest }: MailContent): MailContent => ({
  ...rest,
  title: unlinked(title),
  text: unlinked(text),
  facts: facts.map((fact) => ('at' in fact ? fact : { ...fact, text: unlinked(fact.text) })),
  items: items.map((item) => ({ ...item, title: unlinked(item.title) })),
});
/** What is about a reader's own address says it as it is. */
const isOwn = ({ kind }: MailContent): boolean => kind === 'confirm' || kind.startsWith('mail.');

const lined = ({ title, text, facts, items, ...rest }: MailContent): MailContent => ({
  ...rest,
  title: oneLine(title),
  text: oneLine(text),
  facts: facts.map((fact) => ('at' in fact ? fact : { ...fact, text: oneLine(fact.text) })),
  items: items.map((item) => ({ ...item, title: oneLine(item.title) })),
});

const valueOf = (fact: MailFact, { time_zone }: MailPlace): string =>
  'at' in fact ? timeIn(time_zone, fact.at) : fact.text;

/** Why it came, and how it is ended; the last line of both forms. */
function reasonOf({ kind, ends }: MailContent): string {
  if (kind === 'confirm') {
    return 'Somebody gave this address on Berth. If it was not you, do nothing: no more mail comes.';
  }
  if (ends === null) {
    return 'This is about the security of your account, so it is sent whatever you chose.';
  }
  const what = ends === 'all' ? 'what is gathered for you' : noticeCategories[ends].label;
  return `You get this because you have mail for: ${what}.`;
}

const ENDING = 'Stop these mails';
const CHOOSING = 'Choose what you are mailed';
const CHOICES_PATH = '/dashboard/notices/choices';

/** The text and the HTML of a mail, which say the same. */
export function renderMail(
  content: MailContent,
  place: MailPlace,
): { subject: string; text: string; html: string } {
  const one = lined(content);
  const body = isOwn(one) ? one : bodyOf(one);
  return { subject: one.title, text: textOf(body, place), html: htmlOf(body, place) };
}

function textOf(content: MailContent, place: MailPlace): string {
  const { title, text, facts, items, button } = content;
  const { origin, unsubscribe_url: ending } = place;
  const width = Math.max(0, ...facts.map(({ label }) => label.length));
  const parts = [
    title,
    text,
    facts.map((fact) => `${fact.label.padEnd(width)}  ${valueOf(fact, place)}`).join('\n'),
    items
      .map(
        ({ title: said, path, at }) =>
          `- ${said}\n  ${timeIn(place.time_zone, at)}\n  ${origin}${path}`,
      )
      .join('\n\n'),
    button === null ? '' : `${button.label}:\n${origin}${button.path}`,
    '-- ',
    reasonOf(content),
    ending === null ? '' : `${ENDING}: ${ending}\n${CHOOSING}: ${origin}${CHOICES_PATH}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function htmlOf(content: MailContent, place: MailPlace): string {
  const { title, text, button } = content;
  const { origin } = place;
  const host = new URL(origin).host;
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(title)}</title>
<style>${DARK}</style>
</head>
<body class="page" style="margin:0;padding:0;background:${PAGE}">
<div style="display:none;max-height:0;overflow:hidden">${escaped(text)}${FILLER}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0"
 style="background:${PAGE}"><tr><td align="center" style="padding:28px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
<tr><td class="ink" style="${FONT};font-size:17px;font-weight:700;color:${INK};padding:0 4px 14px">
<a class="ink" href="${escaped(origin)}" style="color:${INK};text-decoration:none">Berth</a></td></tr>
<tr><td class="card" style="background:${CARD};border:1px solid ${LINE};border-radius:12px;padding:30px">
<h1 class="ink" style="${FONT};margin:0 0 12px;font-size:21px;line-height:1.3;color:${INK}">${escaped(title)}</h1>
<p class="ink" style="${FONT};margin:0;font-size:16px;line-height:1.55;color:${INK}">${escaped(text)}</p>
${factsOf(content, place)}${itemsOf(content, place)}
${button === null ? '' : buttonOf(button, origin)}
</td></tr>
<tr><td class="soft" style="${FONT};font-size:13px;line-height:1.6;color:${SOFT};padding:18px 4px 0">
${escaped(reasonOf(content))}<br>${endingOf(place)}${escaped(host)}
</td></tr></table></td></tr></table>
</body>
</html>
`;
}

function factsOf({ facts }: MailContent, place: MailPlace): string {
  if (facts.length === 0) return '';
  const cell = `${FONT};font-size:15px;line-height:1.5;padding:8px 0;border-top:1px solid ${LINE}`;
  const rows = facts.map(
    (fact) =>
      `<tr><td class="soft line" valign="top" style="${cell};color:${SOFT};padding-right:18px;white-space:nowrap">` +
      `${escaped(fact.label)}</td><td class="ink line" valign="top" align="right" ` +
      `style="${cell};color:${INK};word-break:break-word">${escaped(valueOf(fact, place))}</td></tr>`,
  );
  return (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" ' +
    `style="margin-top:22px">${rows.join('')}</table>`
  );
}

function itemsOf({ items }: MailContent, { origin, time_zone }: MailPlace): string {
  return items
    .map(
      ({ title, path, at }) =>
        `<p class="line" style="${FONT};margin:18px 0 0;padding-top:16px;border-top:1px solid ${LINE};` +
        `font-size:16px;line-height:1.45"><a class="link" href="${escaped(origin + path)}" ` +
        `style="color:${ACCENT};text-decoration:none;font-weight:600">${escaped(title)}</a>` +
        `<br><span class="soft" style="font-size:13px;color:${SOFT}">` +
        `${escaped(timeIn(time_zone, at))}</span></p>`,
    )
    .join('');
}

const buttonOf = ({ label, path }: NonNullable<MailContent['button']>, origin: string): string =>
  `<p style="margin:26px 0 0"><a class="button" href="${escaped(origin + path)}" ` +
  `style="${FONT};display:inline-block;background:${ACCENT};color:#ffffff;font-size:16px;` +
  'font-weight:600;line-height:1.2;text-align:center;text-decoration:none;padding:13px 22px;' +
  `border-radius:8px">${escaped(label)}</a></p>`;

function endingOf({ origin, unsubscribe_url: ending }: MailPlace): string {
  if (ending === null) return '';
  const link = (href: string, label: string) =>
    `<a class="soft" href="${escaped(href)}" style="color:${SOFT}">${label}</a>`;
  return `${link(ending, ENDING)} · ${link(origin + CHOICES_PATH, CHOOSING)}<br>`;
}
