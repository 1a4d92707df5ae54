/** Sends what is due and is killed around its first call: `where` `smtp` `now` `when`. */
import { runEffects } from '../src/jobs/effects.ts';
import { makeSmtpMail } from '../src/adapters/mail/smtp.ts';
import { fixedClock } from '../src/lib/clock.ts';
import { sending } from '../src/modules/mail/jobs.ts';
import type { MailPort } from '../src/ports/mail.ts';
import { openBeside } from './harness.ts';
import { FROM } from './mail.ts';

const [, , where = '', url = '', now, when] = process.argv;
const die = () => process.kill(process.pid, 'SIGKILL');
const smtp = makeSmtpMail(url, FROM);
const mail: MailPort = {
  async send(one, signal) {
    if (when === 'before') die();
    const sent = await smtp.send(one, signal);
    die();
    return sent;
  },
};
const deps = await openBeside(where, { clock: fixedClock(now), ports: { mail } });
await runEffects(sending)(deps);
