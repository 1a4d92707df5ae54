import fc from 'fast-check';
import SEPA from 'sepa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { balanceOf, payableOf } from '@berth/shared/ledger/accounts';
import { transferPostings } from '@berth/shared/ledger/postings';
import { E9 } from '@berth/shared/money';
import { hasEnded, payoutMachine, type PayoutState } from '@berth/shared/payouts/machine';
import { BANK_ACCOUNT_REST_MS, MAX_OPEN_PAYOUTS } from '@berth/shared/payouts/limits';
import { runs } from '@berth/shared/runs-node';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkLedger, payIn } from '../../../test/money.ts';
import { signIn, signUp, type Client } from '../../../test/people.ts';
import { listOffering, requestRental, viewOf } from '../../../test/rental.ts';
import { fixedClock } from '../../lib/clock.ts';
import { setAdmin } from '../admin/index.ts';
import { getAnyBalance, post } from '../ledger/index.ts';

const { payouts, ledger, notices, admin } = endpoints;
const FROM = { holder: 'Berth B.V.', iban: 'NL91ABNA0417164300' };
const IBAN = 'DE89 3704 0044 0532 0130 00';
const AT_ONCE = 64;

const clock = fixedClock();
let cast: Cast;
let boss: Client;
beforeAll(async () => {
  const config = { payments: 'balance', payouts_from: FROM } as const;
  cast = await makeCast({ clock, config });
  boss = await signUp(cast.t, 'boss');
  await cast.t.deps.write((ctx) => setAdmin(ctx, 'boss', true));
});
afterAll(async () => {
  await checkTransit();
  await checkLedger(cast.t.deps);
  await cast.t.close();
});

/** Three days go by, after which these, and the admin, have signed in again. */
async function rest(...clients: Client[]): Promise<void> {
  clock.advance(BANK_ACCOUNT_REST_MS);
  for (const one of [boss, ...clients]) Object.assign(one, await signIn(cast.t, one));
}

const has = (client: Client, of = balanceOf) =>
  getAnyBalance(cast.t.deps.db, of(client.account.id), 'EUR');

/** What is on its way is what was taken for it, to the last e9s. */
async function checkTransit(): Promise<void> {
  const { db } = cast.t.deps;
  const rows = await db.selectFrom('payouts').select(['state', 'amount_e9s']).execute();
  const open = rows.filter(({ state }) => !hasEnded(state as PayoutState));
  const sum_e9s = open.reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n);
  expect(await getAnyBalance(db, 'clearing:payouts', 'EUR')).toBe(sum_e9s);
}

let people = 0;
/** Somebody with money and a bank account that has rested. */
async function payee({ amount_e9s = 100n * E9, rested = true } = {}): Promise<Client> {
  people += 1;
  const client = await signUp(cast.t, `payee${people}`);
  await payIn(cast.t.deps, client, 'EUR', amount_e9s);
  await setBank(client);
  if (rested) await rest(client);
  return client;
}
const setBank = (client: Client, iban = IBAN, holder = 'Ada Lovelace') =>
  client.ask(payouts.setBankAccount, { body: { holder, iban } });
const asking = (amount_e9s: bigint, source: 'balance' | 'payable' = 'balance') => ({
  body: { source, currency: 'EUR' as const, amount_e9s: String(amount_e9s) },
});
const askFor = (client: Client, amount_e9s: bigint) => client.ask(payouts.ask, asking(amount_e9s));
const stateOf = async (client: Client, payout_id: string) =>
  (await client.ask(payouts.list, {})).items.find(({ id }) => id === payout_id)?.state;
const hand = () => boss.ask(payouts.makeBatch, { body: { currency: 'EUR' } });
const told = async (client: Client) => {
  await cast.t.drain();
  return (await client.ask(notices.list, {})).items.map(({ kind }) => kind);
};

describe('a payout', () => {
  test('leaves the balance when it is asked for, and the house when the bank has paid it', async () => {
    const ada = await payee();
    const { id, state, iban_shown } = await askFor(ada, 40n * E9);
    expect({ state, iban_shown }).toEqual({ state: 'to_send', iban_shown: 'DE89 … 3000' });
    expect(await has(ada)).toBe(60n * E9);
    const out_e9s = await getAnyBalance(cast.t.deps.db, 'clearing:wire', 'EUR');

    const batch = await hand();
    expect(batch).toMatchObject({ count: 1, currency: 'EUR', total_e9s: String(40n * E9) });
    expect(await stateOf(ada, id)).toBe('at_bank');
    expect((await boss.ask(payouts.batches, {})).items[0]).toMatchObject(batch);
    await boss.ask(payouts.confirmBatch, { params: { batch_id: batch.id } });
    expect(await stateOf(ada, id)).toBe('arrived');
    expect(await has(ada)).toBe(60n * E9);
    const now_e9s = await getAnyBalance(cast.t.deps.db, 'clearing:wire', 'EUR');
    expect(now_e9s - out_e9s).toBe(40n * E9);
    expect(await told(ada)).toContain('money.paid_out');
    const { items } = await ada.ask(ledger.postings, {});
    expect(items[0]).toMatchObject({ cause: 'payout', contract_id: null, memo: 'To be paid out' });
    const again = await boss.refused(payouts.confirmBatch, { params: { batch_id: batch.id } });
    expect(again.code).toBe('payout.none_to_send');
  });

  test('of earnings is taken from them', async () => {
    const ada = await payee({ amount_e9s: 5n * E9 });
    const earned = transferPostings(payableOf(ada.account.id), 'wire', 'EUR', 30n * E9);
    await cast.t.deps.write((ctx) => post(ctx, { kind: 'wire', id: 'earned' }, 'Test', earned));
    await ada.ask(payouts.ask, asking(30n * E9, 'payable'));
    expect([await has(ada, payableOf), await has(ada)]).toEqual([0n, 5n * E9]);
    await boss.ask(payouts.confirmBatch, { params: { batch_id: (await hand()).id } });
  });

  test('is called off by whose it is until it is sent, and is back at once', async () => {
    const ada = await payee();
    const { id } = await askFor(ada, 40n * E9);
    const { state } = await ada.ask(payouts.callOff, { params: { payout_id: id } });
    expect(state).toBe('called_off');
    expect(await has(ada)).toBe(100n * E9);
    const sent = await askFor(ada, 40n * E9);
    const batch = await hand();
    const late = await ada.refused(payouts.callOff, { params: { payout_id: sent.id } });
    expect([late.status, late.code]).toEqual([409, 'payout.no_such_move']);
    await boss.ask(payouts.confirmBatch, { params: { batch_id: batch.id } });
  });

  test('that the bank does not pay is back with its reason, and pays what waits for money', async () => {
    const ada = await payee({ amount_e9s: 100n * E9 });
    const { id } = await askFor(ada, 100n * E9);
    await hand();
    const body = { reason: 'The bank says: account closed' };
    await boss.ask(payouts.giveBack, { params: { payout_id: id }, body });
    expect(await has(ada)).toBe(100n * E9);
    const { items } = await ada.ask(payouts.list, {});
    expect(items[0]).toMatchObject({ state: 'came_back', failure: body.reason });
    expect(await told(ada)).toContain('money.given_back');
    const again = await boss.refused(payouts.giveBack, { params: { payout_id: id }, body });
    expect(again.code).toBe('payout.no_such_move');
    expect(await has(ada)).toBe(100n * E9);
    const { items: acts } = await boss.ask(admin.log, {});
    expect(acts[0]).toMatchObject({ act: 'transfer', subject: `Payout ${id} was given back` });
  });

  test('that is called off pays a request that waits for money', async () => {
    const provider = await signUp(cast.t, 'euros');
    const offering = await listOffering(provider, { currency: 'EUR' });
    const ada = await payee({ amount_e9s: 10_000n * E9 });
    const { id } = await askFor(ada, 10_000n * E9);
    const { contract_id } = await requestRental(ada, offering, { pays_by: 'transfer' });
    expect((await viewOf(ada, contract_id)).state).toBe('requested');
    await ada.ask(payouts.callOff, { params: { payout_id: id } });
    await cast.t.drain();
    expect((await viewOf(ada, contract_id)).state).toBe('pending');
  });
});

describe('a bank account', () => {
  test('rests for three days before anything is sent there, and its owner is told', async () => {
    const ada = await payee({ rested: false });
    const { id, send_after } = await askFor(ada, 10n * E9);
    const { bank_account } = await ada.ask(payouts.bankAccount, {});
    expect(bank_account?.rests_until).toBe(send_after);
    const none = await boss.refused(payouts.makeBatch, { body: { currency: 'EUR' } });
    expect(none.code).toBe('payout.none_to_send');
    expect(await told(ada)).toContain('payout.bank_account_set');
    clock.advance(-1);
    await rest(ada);
    expect((await boss.send(payouts.makeBatch, { body: { currency: 'EUR' } })).status).toBe(409);
    clock.advance(1);
    expect((await hand()).count).toBe(1);
    expect(await stateOf(ada, id)).toBe('at_bank');
  });

  test('that is set again as it is does not rest anew, and another does', async () => {
    const ada = await payee();
    const before = await ada.ask(payouts.bankAccount, {});
    expect(await setBank(ada, 'de89370400440532013000')).toEqual(before);
    const after = await setBank(ada, FROM.iban);
    expect(after.bank_account?.iban_shown).toBe('NL91 … 4300');
    expect(Date.parse(after.bank_account?.rests_until ?? '')).toBe(
      clock.nowMs() + BANK_ACCOUNT_REST_MS,
    );
  });

  test('that is changed after a payout was asked for is not where that one goes', async () => {
    const ada = await payee();
    const { id } = await askFor(ada, 10n * E9);
    await setBank(ada, FROM.iban, 'A Thief');
    const { items } = await boss.ask(payouts.listToSend, {});
    const mine = items.find((one) => one.id === id);
    expect(mine).toMatchObject({ iban: 'DE89370400440532013000', handle: ada.account.handle });
  });

  test('that had not rested takes nothing with it when it is changed back', async () => {
    const ada = await payee();
    const own = await askFor(ada, 20n * E9);
    await setBank(ada, FROM.iban, 'A Thief');
    const { id } = await askFor(ada, 80n * E9);
    await setBank(ada);
    expect([await stateOf(ada, id), await stateOf(ada, own.id)]).toEqual(['called_off', 'to_send']);
    expect(await has(ada)).toBe(80n * E9);
  });

  test.each([
    ['a digit is wrong', 'DE89 3704 0044 0532 0130 01', 'Ada'],
    ['it is too short', 'DE89 3704 0044 0532 0130', 'Ada'],
    ['its country is not of SEPA', 'BR1500000000000010932840814P2', 'Ada'],
    ['it is empty', '', 'Ada'],
    ['it is no text of an IBAN', '💶'.repeat(20), 'Ada'],
    ['its holder has no letter that banks take', IBAN, '李明'],
    ['its holder is empty', IBAN, ' '],
  ])('is refused where %s', async (_, iban, holder) => {
    const { status } = await boss.send(payouts.setBankAccount, { body: { holder, iban } });
    expect(status).toBe(422);
  });
});

describe('a payout is refused', () => {
  test('without a bank account, above what there is, in parts of a cent, and of nothing', async () => {
    const ada = await signUp(cast.t, 'penniless');
    const none = await ada.refused(payouts.ask, asking(E9));
    expect(none.code).toBe('payout.no_bank_account');
    await setBank(ada);
    expect(await ada.refused(payouts.ask, asking(E9))).toMatchObject({
      code: 'payment.insufficient',
      detail: 'It has €0.00; ask for no more than that.',
    });
    for (const amount_e9s of [0n, -E9, E9 + 1n, 10n ** 18n]) {
      expect((await ada.send(payouts.ask, asking(amount_e9s))).status).toBe(422);
    }
  });

  test('beyond the most that one account has on its way', async () => {
    const ada = await payee();
    for (let n = 0; n < MAX_OPEN_PAYOUTS; n += 1) await askFor(ada, E9);
    const one_more = await ada.refused(payouts.ask, asking(E9));
    expect(one_more.code).toBe('account.too_many');
    await boss.ask(payouts.confirmBatch, { params: { batch_id: (await hand()).id } });
    await askFor(ada, E9);
  });

  test('to everybody else: nobody sees, calls off or returns another’s', async () => {
    const eve = await payee();
    const ada = await payee();
    await rest(ada, eve);
    const { id } = await askFor(ada, E9);
    const params = { payout_id: id };
    expect((await eve.send(payouts.callOff, { params })).status).toBe(404);
    expect((await eve.ask(payouts.list, {})).items).toEqual([]);
    const body = { reason: 'mine' };
    expect((await eve.send(payouts.giveBack, { params, body })).status).toBe(404);
    expect((await eve.send(payouts.listToSend, {})).status).toBe(404);
  });

  test('but for one where many ask for all of one balance at once', async () => {
    const ada = await payee({ amount_e9s: 10n * E9 });
    const replies = await Promise.all(
      Array.from({ length: AT_ONCE }, () => ada.send(payouts.ask, asking(10n * E9))),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await has(ada)).toBe(0n);
  });

  test('but for one move where it is called off, sent and returned at once', async () => {
    const ada = await payee({ amount_e9s: 10n * E9 });
    const { id } = await askFor(ada, 10n * E9);
    const params = { payout_id: id };
    const body = { reason: 'A race' };
    await Promise.all([
      ...Array.from({ length: 8 }, () => ada.send(payouts.callOff, { params })),
      ...Array.from({ length: 8 }, () => boss.send(payouts.giveBack, { params, body })),
      ...Array.from({ length: 8 }, () =>
        boss.send(payouts.makeBatch, { body: { currency: 'EUR' } }),
      ),
    ]);
    await checkTransit();
    await checkLedger(cast.t.deps);
    const state = await stateOf(ada, id);
    const isBack = state === 'called_off' || state === 'came_back';
    expect(await has(ada)).toBe(isBack ? 10n * E9 : 0n);
  });
});

test('random lives of payouts lose no cent and double none', async () => {
  const names = payoutMachine.moves.map(({ action }) => action);
  const step = fc.record({ action: fc.constantFrom(...names), nth: fc.nat({ max: 5 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      const ada = await payee({ amount_e9s: 50n * E9 });
      const made: string[] = [];
      for (const { action, nth } of steps) {
        const payout_id = made[nth % Math.max(made.length, 1)] ?? '';
        const params = { payout_id };
        if (action === 'ask_for') {
          const reply = await ada.send(payouts.ask, asking(BigInt(nth + 1) * 10n * E9));
          if (reply.status === 200) made.push(reply.answer().id);
        } else if (action === 'hand_over') {
          await boss.send(payouts.makeBatch, { body: { currency: 'EUR' } });
        } else if (action === 'mark_paid') {
          const [batch] = (await boss.ask(payouts.batches, {})).items;
          if (batch) await boss.ask(payouts.confirmBatch, { params: { batch_id: batch.id } });
        } else if (payout_id !== '') {
          if (action === 'call_off') await ada.send(payouts.callOff, { params });
          else await boss.send(payouts.giveBack, { params, body: { reason: 'Walk' } });
        }
      }
      const { items } = await ada.ask(payouts.list, {});
      const away_e9s = items
        .filter(({ state }) => !['called_off', 'came_back'].includes(state))
        .reduce((sum, { amount_e9s }) => sum + BigInt(amount_e9s), 0n);
      expect(await has(ada)).toBe(50n * E9 - away_e9s);
      await checkTransit();
    }),
    { numRuns: runs(10) },
  );
});

describe('the file for the bank', () => {
  /** The same file as a library of others' writes it, without what it adds to the ids. */
  function asOthersWrite(batch_id: string, rows: { id: string; amount: number; name: string }[]) {
    const file = new SEPA.Document('pain.001.001.09');
    const id = batch_id.replace('_', '-');
    Object.assign(file.grpHdr, { id, created: new Date(clock.now()), initiatorName: FROM.holder });
    const info = file.createPaymentInfo();
    Object.assign(info, { id, requestedExecutionDate: new Date(clock.now()), batchBooking: false });
    Object.assign(info, { debtorIBAN: FROM.iban, debtorName: FROM.holder });
    file.addPaymentInfo(info);
    for (const { id: payout_id, amount, name } of rows) {
      const one = info.createTransaction();
      const end2endId = payout_id.replace('_', '-');
      const remittanceInfo = `Berth payout ${end2endId}`;
      Object.assign(one, { creditorName: name, creditorIBAN: IBAN.replaceAll(' ', '') });
      Object.assign(one, { amount, end2endId, remittanceInfo });
      info.addTransaction(one);
    }
    return file
      .toString()
      .replace(/ xmlns:xsi="[^"]*" xsi:schemaLocation="[^"]*"/, '')
      .replace(/<InstrId>[^<]*<\/InstrId>/g, '')
      .replace(`<PmtInfId>${id}.${id}</PmtInfId>`, `<PmtInfId>${id}</PmtInfId>`);
  }

  test('is what another library writes, letters that banks do not take spelled out', async () => {
    const ada = await payee();
    await setBank(ada, IBAN, 'Zoë Müller-Łukasz & Søn <b>');
    await rest(ada);
    // What other tests have left goes before.
    await boss.send(payouts.makeBatch, { body: { currency: 'EUR' } });
    const made = [await askFor(ada, 12n * E9 + E9 / 2n), await askFor(ada, 87n * E9 + E9 / 100n)];
    const batch = await hand();
    const params = { batch_id: batch.id };
    const reply = await boss.send(payouts.file, { params });
    expect(reply.headers['content-type']).toContain('application/xml');
    const sorted = made.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const rows = sorted.map(({ id, amount_e9s }) => {
      return { id, amount: Number(amount_e9s) / 1e9, name: 'Zoe Muller-Lukasz + Son .b.' };
    });
    const text = reply.text.replace('?>\n', '?>').trimEnd();
    expect(text).toBe(asOthersWrite(batch.id, rows));
    expect(text).toContain('<CtrlSum>99.51</CtrlSum>');
    // The same file again, whatever became of what is in it.
    await boss.ask(payouts.giveBack, {
      params: { payout_id: sorted[0]!.id },
      body: { reason: 'No' },
    });
    expect((await boss.send(payouts.file, { params })).text).toBe(reply.text);
  });

  test('is not made where the marketplace has not said which account it pays from', async () => {
    const other = await makeCast({ config: { payments: 'balance' } });
    const chief = await signUp(other.t, 'chief');
    await other.t.deps.write((ctx) => setAdmin(ctx, 'chief', true));
    const params = { batch_id: `pyb_${'0'.repeat(20)}` };
    expect((await chief.refused(payouts.file, { params })).code).toBe('payout.no_files');
    expect((await boss.send(payouts.file, { params })).status).toBe(404);
    await other.t.close();
  });
});
