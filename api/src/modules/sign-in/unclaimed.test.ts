import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { principalOf } from '@berth/shared/signing/principal';
import { fixedClock } from '../../lib/clock.ts';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { makePerson, signIn, signUp, type Person } from '../../../test/people.ts';
import { describeAccount, ensureAccount } from './service.ts';

/** The key of LEDGER.md's phrase; its principal begins with wtaij-eauol. */
const phrase = `${'abandon '.repeat(11)}about`;
const at = '2025-11-20T10:00:00.000Z';

let t: TestApp;
beforeAll(async () => {
  t = await makeTestApp();
});
afterAll(() => t.close());

const onIcp = { clock: fixedClock(at) };
const bring = ({ account_key }: Person, name = '') =>
  t.deps.write(async (ctx) => {
    const id = await ensureAccount({ ...ctx, ...onIcp }, account_key.public_key);
    if (name === '') return id;
    const said = { name, description: 'Racks\u0000 in\nRotterdam' };
    await describeAccount({ ...ctx, ...onIcp }, account_key.public_key, said);
    return id;
  });
const read = (id: string) =>
  t.deps.db.selectFrom('accounts').where('id', '=', id).selectAll().executeTakeFirstOrThrow();

describe('an account that the chain brought', () => {
  test('is made once for a key, at the chain’s time, with a handle of its principal', async () => {
    const person = makePerson(phrase);
    const id = await bring(person);
    expect(await bring(person)).toBe(id);
    expect(await read(id)).toMatchObject({
      handle: 'wtaij-eauol',
      state: 'unclaimed',
      encryption_key: null,
      created_at: at,
    });
  });

  test('is shown by the name of its profile, and takes no handle that a person may want', async () => {
    const rotterdam = await bring(makePerson(), 'Rotterdam Räcks B.V.');
    expect(await read(rotterdam)).toMatchObject({
      handle: expect.stringMatching(/^[a-z2-7]{5}-[a-z2-7]{5}$/) as string,
      display_name: 'Rotterdam Räcks B.V.',
      about: 'Racks in\nRotterdam',
    });
    const person = await signUp(t, 'rotterdam-racks-b-v');
    expect(person.account.handle).toBe('rotterdam-racks-b-v');
  });

  test('is made whatever handles people took beforehand', async () => {
    const person = makePerson();
    const groups = principalOf(person.account_key.public_key).split('-');
    for (let count = 2; count <= 5; count += 1) {
      await signUp(t, groups.slice(0, count).join('-'));
    }
    const { handle } = await read(await bring(person));
    expect(handle).toBe(`${groups.slice(0, 2).join('-')}-2`);
  });

  test('cannot be signed in to before it is finished, and says its name as a handle if that is free', async () => {
    const person = makePerson();
    await bring(person, 'Waiting Ltd');
    await expect(signIn(t, person)).rejects.toMatchObject({
      problem: { code: 'account.unclaimed', status: 409, handle: 'waiting-ltd' },
    });
    await signUp(t, 'waiting-ltd');
    await expect(signIn(t, person)).rejects.toMatchObject({
      problem: { handle: expect.stringMatching(/^[a-z2-7]{5}-[a-z2-7]{5}$/) as string },
    });
  });

  test('belongs to whoever signs up with its key, under any free handle, once', async () => {
    const person = makePerson();
    const id = await bring(person, 'Claimed Ltd');
    await signUp(t, 'taken');
    await expect(signUp(t, 'taken', { person })).rejects.toMatchObject({
      problem: { code: 'account.handle_taken' },
    });
    const client = await signUp(t, 'mine', { person });
    expect(client.account).toMatchObject({
      id,
      handle: 'mine',
      encryption_key: person.encryption_key,
    });
    expect((await signIn(t, person)).account.id).toBe(id);
    await expect(signUp(t, 'again', { person })).rejects.toMatchObject({
      problem: { code: 'account.key_taken' },
    });
    await bring(person, 'Somebody Else');
    expect(await read(id)).toMatchObject({ handle: 'mine', display_name: 'mine' });
  });

  test('keeps its handle for whoever finishes it under that one', async () => {
    const person = makePerson();
    await bring(person, 'Same Name');
    expect((await signUp(t, 'same-name', { person })).account.handle).toBe('same-name');
  });
});
