import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accounts } from '@berth/shared/accounts/endpoints';
import { canonical } from '@berth/shared/canonical';
import { endpoints } from '@berth/shared/endpoints';
import { makeId } from '@berth/shared/ids';
import { MAX_RULE_DAYS, type OfferingView } from '@berth/shared/offerings/schemas';
import type { AutoAcceptRule } from '@berth/shared/signing/auto-accept';
import { signingInput } from '@berth/shared/signing/prefixed';
import { addHours } from '@berth/shared/time';
import { makeTestApp, type TestApp } from '../../../test/harness.ts';
import { revocationEvent } from '../../../test/key-events.ts';
import { onNewDevice, signIn, signUp, type Client } from '../../../test/people.ts';
import { listOffering, setAutoAccept } from '../../../test/rental.ts';
import { countListed, getAnyTerms } from '../catalogue/index.ts';
import { findAnyRentable } from './repo.ts';
import { returnUnit, takeUnit } from './service.ts';

const { offerings } = endpoints;
let t: TestApp;
let ada: Client;
let eve: Client;

beforeAll(async () => {
  t = await makeTestApp();
  ada = await signUp(t, 'ada');
  eve = await signUp(t, 'eve');
});
afterAll(() => t.close());

const rentable = (id: string) => findAnyRentable(t.deps.db, id);
const at = (offering_id: string) => ({ params: { offering_id } });

describe('what can be rented', () => {
  test('is told in one look: rate, terms, stock and rule', async () => {
    const offering = await listOffering(ada);
    const expected = {
      id: offering.id,
      provider_id: ada.account.id,
      provider_key: ada.account_key.public_key,
      state: 'listed',
      visibility: 'public',
      title: offering.title,
      terms_hash: offering.terms_hash,
      rate: { price_e9s: 19_920_000_000n, unit: 'hour', setup_fee_e9s: 5_000_000_000n },
      currency: 'USD',
      min_hours: 1,
      max_hours: 720,
      response_hours: 24,
      provisioning_hours: 24,
      operating_systems: ['Ubuntu 24.04'],
      stock: 4,
      rule: null,
    };
    expect(await rentable(offering.id)).toEqual(expected);
    await setAutoAccept(ada, offering, 48);
    expect(await rentable(offering.id)).toMatchObject({
      ...expected,
      rule: { max_hours: 48, key: ada.device_key.public_key },
    });
    expect(await rentable(makeId('offering'))).toBeNull();
  });

  test('is taken unit by unit: of 64 at once as many win as there are units', async () => {
    const { id, version } = await listOffering(ada, { stock: 5 });
    const won = await Promise.all(
      Array.from({ length: 64 }, () => t.deps.write((ctx) => takeUnit(ctx, id))),
    );
    expect(won.filter(Boolean)).toHaveLength(5);
    expect(await rentable(id)).toMatchObject({ stock: 0 });
    await t.deps.write((ctx) => returnUnit(ctx, id));
    expect(await rentable(id)).toMatchObject({ stock: 1 });
    const own = await ada.ask(offerings.getOwn, at(id));
    expect(own.version).toBe(version + 6);
  });

  test('is nothing that is paused, yet a unit comes back to it', async () => {
    const { id, version } = await listOffering(ada, { stock: 1 });
    await ada.ask(offerings.move, { ...at(id), body: { action: 'pause', version } });
    expect(await t.deps.write((ctx) => takeUnit(ctx, id))).toBe(false);
    await t.deps.write((ctx) => returnUnit(ctx, id));
    expect(await rentable(id)).toMatchObject({ state: 'paused', stock: 2 });
  });

  test('is counted by its provider, and unknown terms are missing', async () => {
    const zoe = await signUp(t, 'zoe');
    await listOffering(zoe);
    await zoe.ask(offerings.duplicate, at((await listOffering(zoe)).id));
    const actor = { acting_for: zoe.account.id } as Parameters<typeof countListed>[1];
    expect(await countListed(t.deps.db, actor)).toBe(2);
    await expect(getAnyTerms(t.deps.db, '0'.repeat(64))).rejects.toMatchObject({
      problem: { code: 'request.not_found' },
    });
  });
});

const ruleOf = (offering: OfferingView, changes: Partial<AutoAcceptRule> = {}): AutoAcceptRule => ({
  offering_id: offering.id,
  provider_key: ada.account_key.public_key,
  max_hours: 24,
  at: t.clock.now(),
  expires_at: addHours(t.clock.now(), 24),
  ...changes,
});
const signed = (rule: AutoAcceptRule, signer: Client = ada) => ({
  rule,
  signature: signer.sign(signingInput('auto-accept', rule)),
});

describe('a rule', () => {
  test('is kept as it was signed, and a new one takes its place', async () => {
    const offering = await listOffering(ada);
    const rules = [ruleOf(offering), ruleOf(offering, { max_hours: 48 })];
    for (const rule of rules) {
      const body = signed(rule);
      const view = await ada.ask(offerings.setAutoAccept, { ...at(offering.id), body });
      expect(view.auto_accept_hours).toBe(rule.max_hours);
      expect((await rentable(offering.id))?.rule).toMatchObject({
        rule: canonical(rule),
        signature: body.signature,
        max_hours: rule.max_hours,
        expires_at: rule.expires_at,
      });
    }
    const removed = await ada.ask(offerings.removeAutoAccept, at(offering.id));
    expect(removed.auto_accept_hours).toBeNull();
    expect((await rentable(offering.id))?.rule).toBeNull();
    expect(await ada.ask(offerings.removeAutoAccept, at(offering.id))).toEqual(removed);
  });

  test('set many times at once leaves one', async () => {
    const offering = await listOffering(ada);
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        ada.ask(offerings.setAutoAccept, {
          ...at(offering.id),
          body: signed(ruleOf(offering, { max_hours: n + 1 })),
        }),
      ),
    );
    const rows = await t.deps.db
      .selectFrom('auto_accept_rules')
      .where('offering_id', '=', offering.id)
      .select('revoked_at')
      .execute();
    expect(rows).toHaveLength(12);
    expect(rows.filter(({ revoked_at }) => revoked_at === null)).toHaveLength(1);
  });

  test('ends at its time', async () => {
    const offering = await listOffering(ada);
    await setAutoAccept(ada, offering, 24);
    const { rule } = (await rentable(offering.id)) ?? {};
    expect(rule?.expires_at).toBe(addHours(t.clock.now(), 30 * 24));
    t.clock.advance(30 * 24 * 3_600_000);
    const again = await signIn(t, ada);
    const view = await again.ask(offerings.getOwn, at(offering.id));
    expect(view.auto_accept_hours).toBeNull();
    ada = again;
  });

  test('falls with the device that signed it', async () => {
    const offering = await listOffering(ada);
    const laptop = await signIn(t, onNewDevice(ada));
    await setAutoAccept(laptop, offering, 24);
    expect((await rentable(offering.id))?.rule).not.toBeNull();
    const event = revocationEvent(ada, laptop.device_key.public_key);
    await ada.ask(accounts.revokeDevice, { body: { event } });
    expect((await rentable(offering.id))?.rule).toBeNull();
    const view = await ada.ask(offerings.getOwn, at(offering.id));
    expect(view.auto_accept_hours).toBeNull();
  });

  test('falls with the account key that stands behind it', async () => {
    const ivy = await signUp(t, 'ivy');
    const offering = await listOffering(ivy);
    await setAutoAccept(ivy, offering, 24);
    await t.deps.write(({ tx }) =>
      tx
        .updateTable('account_keys')
        .set({ removed_at: t.clock.now() })
        .where('key', '=', ivy.account_key.public_key)
        .execute(),
    );
    expect((await rentable(offering.id))?.rule).toBeNull();
  });

  test.each<[string, string, (offering: OfferingView) => object]>([
    ['of another key', 'signature.invalid', (offering) => signed(ruleOf(offering), eve)],
    [
      'that was changed',
      'signature.invalid',
      (offering) => ({ ...signed(ruleOf(offering)), rule: ruleOf(offering, { max_hours: 25 }) }),
    ],
    [
      'of another kind of text',
      'signature.invalid',
      (offering) => ({
        rule: ruleOf(offering),
        signature: ada.sign(signingInput('statement', ruleOf(offering))),
      }),
    ],
    [
      'for another offering',
      'statement.invalid',
      (offering) => signed(ruleOf(offering, { offering_id: makeId('offering') })),
    ],
    [
      'for another account',
      'statement.invalid',
      (offering) => signed(ruleOf(offering, { provider_key: eve.account_key.public_key })),
    ],
    [
      'without an end in sight',
      'statement.invalid',
      (offering) =>
        signed(ruleOf(offering, { expires_at: addHours(t.clock.now(), MAX_RULE_DAYS * 24 + 1) })),
    ],
    [
      'that has ended',
      'statement.invalid',
      (offering) => signed(ruleOf(offering, { expires_at: t.clock.now() })),
    ],
    [
      'of an hour ago',
      'statement.clock',
      (offering) => signed(ruleOf(offering, { at: addHours(t.clock.now(), -1) })),
    ],
    ['of no hours', 'request.invalid', (offering) => signed(ruleOf(offering, { max_hours: 0 }))],
  ])('%s is refused, and the one before stays', async (_, code, bodyOf) => {
    const offering = await listOffering(ada);
    await setAutoAccept(ada, offering, 12);
    const body = bodyOf(offering) as ReturnType<typeof signed>;
    const refused = await ada.refused(offerings.setAutoAccept, { ...at(offering.id), body });
    expect(refused.code).toBe(code);
    expect((await rentable(offering.id))?.rule).toMatchObject({ max_hours: 12 });
  });

  test('of another’s offering is set by nobody else', async () => {
    const offering = await listOffering(ada);
    const rule = ruleOf(offering, { provider_key: eve.account_key.public_key });
    eve = await signIn(t, eve);
    const body = signed(rule, eve);
    const refused = await eve.refused(offerings.setAutoAccept, { ...at(offering.id), body });
    expect(refused.code).toBe('request.not_found');
  });
});
