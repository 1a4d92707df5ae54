import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Mail, MailPort, MailSent } from '../../ports/mail.ts';
import { messageOf, type Sender } from './message.ts';

/** A server that does not go on for so long is left; the effect's own time is longer. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
/** More of what a server answers is not kept. */
const MAX_SAID = 300;
const SMTP_PORT = 587;
const SMTPS_PORT = 465;
const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** RFC 3463: something is wrong with the address itself. */
const BAD_ADDRESS = /\b5\.1\.\d{1,3}\b/;
/** What is said to whoever may not send here at all: nothing is wrong with the address. */
const NOT_FOR_US = /\b5\.7\.\d{1,3}\b|\brelay/i;

const PERMANENT = 500;

/** Where a call has come to: what a failure means goes by it. */
type Stage = 'greeting' | 'sender' | 'recipient' | 'content';

interface SmtpError extends Error {
  responseCode?: number;
  response?: string;
  command?: string;
}

/**
 * Mail by SMTP. Each mail is a connection of its own, so that no other one's failure is its. Not
 * in the clear but to this very machine: elsewhere the server must offer STARTTLS.
 */
export function makeSmtpMail(smtp_url: string, from: Sender): MailPort {
  const url = new URL(smtp_url);
  const secure = url.protocol === 'smtps:';
  const is_local = LOCAL_HOSTS.has(url.hostname);
  const options = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? SMTPS_PORT : SMTP_PORT),
    secure,
    requireTLS: !secure && !is_local,
    ignoreTLS: is_local,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  };
  const user = decodeURIComponent(url.username);
  const login = user === '' ? null : { user, pass: decodeURIComponent(url.password) };
  return {
    async send(mail, signal) {
      const message = await messageOf(mail, from);
      signal.throwIfAborted();
      return sendOnce({ options, login, from: from.address }, mail, message, signal);
    },
  };
}

interface Server {
  options: object;
  login: { user: string; pass: string } | null;
  from: string;
}

function sendOnce(
  { options, login, from }: Server,
  { to }: Mail,
  message: Buffer,
  signal: AbortSignal,
): Promise<MailSent> {
  const connection = new SMTPConnection(options);
  let stage: Stage = 'greeting';
  return new Promise<MailSent>((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error);
      connection.close();
    };
    signal.addEventListener('abort', stop, { once: true });
    const end = (sent: MailSent, wish: 'quit' | 'close') => {
      signal.removeEventListener('abort', stop);
      connection[wish]();
      resolve(sent);
    };
    const fail = (error: Error) => end(failed(error, stage), 'close');
    // Read only once the server has answered DATA: from then on it may have the mail.
    const content = Readable.from(
      (function* () {
        stage = 'content';
        yield message;
      })(),
    );
    const send = () => {
      stage = 'sender';
      const envelope = { from, to, size: message.length };
      connection.send(envelope, content, (error, info) => {
        if (error) return fail(error);
        end({ result: 'sent', said: saidIn(info.response) }, 'quit');
      });
    };
    connection.on('error', fail);
    connection.connect((error) => {
      if (error) return fail(error);
      if (login === null) return send();
      connection.login(login, (refused) => (refused ? fail(refused) : send()));
    });
  });
}

const saidIn = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MAX_SAID);

/** What a failure comes to, by how far the mail was and what the server said of it. */
function failed(error: SmtpError, stage: Stage): MailSent {
  const { responseCode: code, response, command } = error;
  const said = saidIn(response ?? error.message);
  const is_permanent = code !== undefined && code >= PERMANENT;
  if (stage === 'content') {
    if (code === undefined) return { result: 'unknown', said };
    if (!is_permanent) return { result: 'later', said };
    return { result: BAD_ADDRESS.test(said) ? 'bounced' : 'refused', said };
  }
  if (is_permanent && command === 'RCPT TO' && !NOT_FOR_US.test(said)) {
    return { result: 'bounced', said };
  }
  // What is wrong with us, a wrong password or a sender that may not send, is mended by somebody.
  return { result: 'later', said };
}
