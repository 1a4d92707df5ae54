import { describe, expect, test } from 'vitest';
import {
  keyEventText,
  type KeyEvent,
  type KeyEventKind,
  type KeyEventOf,
} from '../signing/key-events.ts';
import { verifyEd25519Node } from '../signing/verify-node.ts';
import { addHours } from '../time.ts';
import {
  audience,
  begun,
  keyOf,
  life,
  published,
  renter,
  stranger,
  writeLog,
  type Key,
} from '../../test/log.ts';
import { recipientOf } from './recipient.ts';

const account_id = 'acc_1';
const spare = keyOf(9);
const encryptionOf = (n: number) => n.toString(16).padStart(2, '0').repeat(32);
const proof = { ...writeLog(life.slice(0, 1)), key_events: [published] };
const contract_id = proof.subject_id;
const asked = (change: Partial<typeof proof> = {}, id = contract_id) =>
  recipientOf({ ...proof, ...change }, { contract_id: id, audience }, verifyEd25519Node);

function signed<K extends KeyEventKind>(by: Key, kind: K, said: KeyEventOf<K>['said']) {
  return { kind, said, signature: by.sign(keyEventText(kind, said)) };
}
function joins(by: Key, key: Key): KeyEventOf<'link'> {
  const said = { account_id, key: key.public_key, by: by.public_key, at: addHours(begun, 1) };
  return { ...signed(by, 'link', said), key_signature: key.sign(keyEventText('link', said)) };
}
const publishes = (by: Key, n: number): KeyEvent =>
  signed(by, 'encryption_key', {
    account_id,
    encryption_key: encryptionOf(n),
    by: by.public_key,
    at: addHours(begun, 2),
  });
const own = { encryption_key: 'cc'.repeat(32), by: renter.public_key };

describe('what credentials are sealed to', () => {
  test('is the key that the renter of the contract’s first statement published', async () => {
    expect(await asked()).toEqual(own);
  });

  test('is what a further key of the renter’s account published later', async () => {
    const key_events = [published, joins(renter, spare), publishes(spare, 2)];
    expect(await asked({ key_events })).toEqual({
      encryption_key: encryptionOf(2),
      by: spare.public_key,
    });
  });

  test('is nothing while the renter has published none', async () => {
    expect(await asked({ key_events: [] })).toBeNull();
  });
});

describe('a server that lies about it is refused', () => {
  test('with an encryption key of its own in the renter’s event', async () => {
    const lie = { ...published, said: { encryption_key: encryptionOf(8) } } as KeyEvent;
    await expect(asked({ key_events: [lie] })).rejects.toThrow(/signature does not match/);
  });

  test('with another renter in the first statement, signed or not', async () => {
    const data = { renter: stranger.public_key };
    const [entry] = proof.entries as [(typeof proof.entries)[0]];
    const { statement } = entry;
    const bent = { ...statement, data: { ...statement.data, ...data } };
    await expect(asked({ entries: [{ ...entry, statement: bent }] })).rejects.toThrow();
    const [step] = life as [(typeof life)[0]];
    const forged = writeLog([{ ...step, by: stranger, device: null, data }]);
    const key_events = [publishes(stranger, 8)];
    await expect(asked({ ...forged, key_events })).rejects.toThrow(/another contract/);
    await expect(asked({ ...forged, key_events, subject_id: contract_id })).rejects.toThrow(
      /first statement is another one/,
    );
  });

  test('with another account’s events, or a stranger’s among the renter’s: none counts', async () => {
    expect(await asked({ key_events: [publishes(stranger, 8)] })).toBeNull();
    expect(await asked({ key_events: [published, publishes(stranger, 8)] })).toEqual(own);
  });

  test('with a link that the renter’s key did not sign', async () => {
    const link = joins(stranger, spare);
    const lie = { ...link, said: { ...link.said, by: renter.public_key } };
    const key_events = [published, lie, publishes(spare, 8)];
    await expect(asked({ key_events })).rejects.toThrow(/signature does not match/);
  });

  test('with another contract’s beginning', async () => {
    await expect(asked({}, 'ab'.repeat(32))).rejects.toThrow(/another contract/);
  });
});
