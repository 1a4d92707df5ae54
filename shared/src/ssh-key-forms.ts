/** The forms in which SSH public keys are handed around, each as the one line of OpenSSH. */
import { findBase64 } from './signing/bytes.ts';

/** Where a key's line was taken from, where it was no line. */
export type SshKeyForm = 'line' | 'ssh2' | 'putty';

export type FoundLine =
  { type: string; encoded: string; comment: string; form: SshKeyForm } | { sentence: string };

/** A key's own type stands first in it, after its length (RFC 4251). */
function typeIn(encoded: string): string {
  const blob = findBase64(encoded);
  if (blob === null || blob.length < 4) return '';
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(0);
  return String.fromCharCode(...blob.subarray(4, 4 + Math.min(length, blob.length)));
}

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1');

const END_SSH2 = /^-{4} ?END SSH2 PUBLIC KEY ?-{4}\s*$/m;
const HEADER = /^[\w-]+: .*$/gm;

/** RFC 4716, which `ssh-keygen -e` and PuTTYgen write: lines of headers, then the key. */
function fromSsh2(text: string): FoundLine {
  // A header that goes on in the next line ends with a backslash.
  const [said = ''] = text.slice(text.indexOf('\n') + 1).split(END_SSH2);
  const body = said.replace(/\\\r?\n/g, '');
  const [, comment = ''] = /^Comment: (.*)$/im.exec(body) ?? [];
  const encoded = body.replace(HEADER, '').replace(/\s/g, '');
  return { type: typeIn(encoded), encoded, comment: unquoted(comment), form: 'ssh2' };
}

/** PuTTY's own file, of which only the public half is looked at. */
function fromPutty(text: string): FoundLine {
  const lines = text.split(/\r\n|\n|\r/);
  const at = lines.findIndex((line) => line.startsWith('Public-Lines:'));
  const count = Number(lines[at]?.split(':')[1]);
  const encoded =
    at < 0
      ? ''
      : lines
          .slice(at + 1, at + 1 + (count || 0))
          .join('')
          .trim();
  const comment = lines.find((line) => line.startsWith('Comment:'))?.slice('Comment:'.length) ?? '';
  return { type: typeIn(encoded), encoded, comment: comment.trim(), form: 'putty' };
}

/** Whether the fields of a key end where it ends: then nothing of it is on the next line. */
function isWhole(encoded: string): boolean {
  const blob = findBase64(encoded);
  if (blob === null) return false;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  let at = 0;
  while (at + 4 <= blob.length) at += 4 + view.getUint32(at);
  return at === blob.length;
}

/** A line that a terminal, a mail or a portal has wrapped: the key goes on until it is whole. */
function fromWrapped(text: string): FoundLine {
  const [type = '', ...parts] = text.split(/[ \r\n]+/);
  const places = parts.map((_, at) => at + 1);
  const end = places.find((count) => isWhole(parts.slice(0, count).join(''))) ?? 1;
  const encoded = parts.slice(0, end).join('');
  return { type, encoded, comment: parts.slice(end).join(' '), form: 'line' };
}

const PRIVATE = 'That is the private half; keep it to yourself. Paste the line of the .pub file.';

/** Finds the key in what was pasted; letters that cannot be seen at its ends are no part of it. */
export function findSshLine(text: string): FoundLine {
  const said = text.replace(/^(?:\s|\p{Cf})+|(?:\s|\p{Cf})+$/gu, '');
  const key = said
    .replace(/^(["'`])([^]*)\1$/, '$2')
    .replace(/(?:\\r)?\\n$/, '')
    .trim();
  if (key === '') return { sentence: 'Paste the line of your .pub file.' };
  if (/PRIVATE KEY/.test(key)) return { sentence: PRIVATE };
  if (/^-{4} ?BEGIN SSH2 PUBLIC KEY/.test(key)) return fromSsh2(key);
  if (/^PuTTY-User-Key-File-/.test(key)) return fromPutty(key);
  const pem = /^-+ ?BEGIN (RSA )?PUBLIC KEY/.exec(key);
  if (pem) {
    const format = pem[1] === undefined ? 'PKCS8' : 'PEM';
    return { sentence: `That is a PEM file; ssh-keygen -i -m ${format} -f FILE prints its line.` };
  }
  if (/^-+ ?BEGIN/.test(key)) {
    return { sentence: 'That is another format; paste the one line of an OpenSSH .pub file.' };
  }
  return fromWrapped(key);
}
