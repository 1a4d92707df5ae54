/** A server of mail in this process, which does what a test tells it to. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Config } from '../src/config.ts';

export const FROM = { name: 'Berth', address: 'mail@berth.example' };

/** What the server does with the next mails, until it is told otherwise. */
export interface Manners {
  /** An answer to RCPT TO, such as `550 5.1.1 Nobody here`. */
  recipient?: string | undefined;
  /** An answer to the end of the content. */
  content?: string | undefined;
  /** Takes the content and closes without a word, or says nothing at all. */
  after_content?: 'drop' | 'hang' | undefined;
}

export interface Taken {
  to: string;
  from: string;
  source: string;
  /** Its Message-ID. */
  id: string;
}

const refusal = (said: string): Error =>
  Object.assign(new Error(said.slice(4)), { responseCode: Number(said.slice(0, 3)) });

export async function makeMailServer() {
  const manners: Manners = {};
  const taken: Taken[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const options: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(_address, _session, done) {
      done(manners.recipient === undefined ? null : refusal(manners.recipient));
    },
    onData(stream, session, done) {
      void text(stream).then((source) => {
        if (manners.content !== undefined) return done(refusal(manners.content));
        const [to] = session.envelope.rcptTo;
        const from = session.envelope.mailFrom;
        const id = /^Message-ID: <(.*)>/im.exec(source)?.[1] ?? '';
        taken.push({
          ...{ source, id, to: to?.address ?? '' },
          from: from === false ? '' : from.address,
        });
        if (manners.after_content === 'hang') return;
        if (manners.after_content === 'drop') {
          for (const socket of sockets) socket.destroy();
          return;
        }
        done();
      });
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    manners,
    taken,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** Settings of a Berth that sends mail. */
export const mailSettings = (smtp_url: string): Pick<Config, 'mail'> => ({
  mail: { from: FROM, smtp_url, folder: '/nowhere' },
});

/** The text of a mail, as its reader has it: quoted-printable undone. */
export function textOf(source: string): string {
  const [, part = ''] = /Content-Type: text\/plain[^]*?\r?\n\r?\n([^]*?)\r?\n--/.exec(source) ?? [];
  const bytes = part
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
