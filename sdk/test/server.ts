import { makePhrase } from '@berth/shared/signing/phrase';
import { freePort } from '../../api/test/port.ts';
import { makeTestApp, type TestApp, type TestOptions } from '../../api/test/harness.ts';
import { makePerson, signUp, type Client } from '../../api/test/people.ts';

/** A Berth that listens on this machine, and two people who have an account there. */
export interface Served {
  t: TestApp;
  origin: string;
  renter: Client & { phrase: string };
  provider: Client & { phrase: string };
  close(): Promise<void>;
}

export async function serve(options: TestOptions = {}): Promise<Served> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const t = await makeTestApp({ ...options, config: { public_origin: origin, ...options.config } });
  await t.app.listen({ host: '127.0.0.1', port });
  const person = async (handle: string) => {
    const phrase = makePhrase();
    return { ...(await signUp(t, handle, { person: makePerson(phrase) })), phrase };
  };
  const [renter, provider] = [await person('sailor'), await person('harbour')];
  return {
    ...{ t, origin, renter, provider },
    async close() {
      // Clients of this process keep their connections for a minute.
      t.app.server.closeAllConnections();
      await t.close();
    },
  };
}
