import { makeSshKeyPair } from '@berth/shared/ssh-key';
import { endpoints } from '@berth/shared/endpoints';
import { makePerson, renew, signUp, type Client } from '../../api/test/people.ts';
import type { Cast } from './people.ts';
import type { World } from './world.ts';

/** Well below the hour that a session lasts. */
const RENEW_AFTER_MS = 45 * 60_000;

/** Everybody with an account, each signed in whenever they act. */
export interface Actors {
  /** Makes the account, and fills it with what its owner says of itself. */
  join(cast: Cast, phrase?: string): Promise<void>;
  /** The person by handle, with a session that still holds. */
  as(handle: string): Promise<Client>;
}

export function makeActors(world: World): Actors {
  const clients = new Map<string, { client: Client; signed_in_ms: number }>();
  const keep = (handle: string, client: Client) => {
    clients.set(handle, { client, signed_in_ms: world.clock.nowMs() });
    return client;
  };
  return {
    async join(cast, phrase) {
      const person = phrase === undefined ? makePerson() : makePerson(phrase);
      const client = await signUp(world, cast.handle, {
        person,
        display_name: cast.name,
        label: 'First device',
      });
      keep(cast.handle, client);
      await introduce(client, cast);
    },
    async as(handle) {
      const kept = clients.get(handle);
      if (!kept) throw new Error(`Nobody has joined as ${handle}`);
      const { client, signed_in_ms } = kept;
      if (world.clock.nowMs() - signed_in_ms < RENEW_AFTER_MS) return client;
      return keep(handle, await renew(client));
    },
  };
}

async function introduce(client: Client, cast: Cast): Promise<void> {
  const { about, name: display_name } = cast;
  const { version } = await client.ask(endpoints.accounts.profile, {});
  await client.ask(endpoints.accounts.changeProfile, { body: { version, display_name, about } });
  for (const [kind, value] of cast.contacts) {
    await client.ask(endpoints.accounts.addContact, { body: { kind, value } });
  }
  for (const label of cast.ssh_keys) {
    const { public_key } = makeSshKeyPair(label).key;
    await client.ask(endpoints.accounts.addSshKey, { body: { label, public_key } });
  }
}
