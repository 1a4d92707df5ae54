import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { E9 } from '@berth/shared/money';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkPapers, payIn } from '../../../test/money.ts';
import { signIn, signUp } from '../../../test/people.ts';
import { listOffering, move, rentalIn, requestRental } from '../../../test/rental.ts';
import { issue } from './service.ts';

const { papers } = endpoints;
/** 24 hours at 19.92 and a setup fee of 5. */
const TOTAL_E9S = 483_080_000_000n;
const HOUR_E9S = 19_920_000_000n;

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast({
    config: {
      payments: 'balance',
      house: {
        ...{ name: 'Berth B.V.', address: ['Kade 1', '1011 Amsterdam'], country: 'NL' },
        vat_id: 'NL004495445B01',
      },
    },
  });
  await payIn(cast.t.deps, cast.renter, 'USD', TOTAL_E9S * 100n);
});
afterAll(() => cast.t.close());

const german = {
  ...{ name: 'Harbour GmbH', line1: 'Kai 4', line2: '', postcode: '20457', city: 'Hamburg' },
  ...{ country: 'DE', vat_id: 'DE136695976' },
};
const mine = async (contract_id: string, client = cast.renter) => {
  await cast.t.drain();
  const { items } = await client.ask(papers.list, { query: { contract_id } });
  return items.toReversed();
};
const paperOf = (id: string, client = cast.renter) =>
  client.ask(papers.get, { params: { invoice_id: id } });
const sum = (amounts: readonly { gross_e9s: string }[]) =>
  amounts.reduce((total, { gross_e9s }) => total + BigInt(gross_e9s), 0n);

describe('a contract that is paid', () => {
  test('has an invoice of the order, one of each extension, and credit notes for a refund', async () => {
    const contract_id = await rentalIn('active', cast);
    const [order] = await mine(contract_id);
    expect(order).toMatchObject({ kind: 'invoice', gross_e9s: String(TOTAL_E9S), tax_e9s: '0' });
    const { lines, tax, number } = await paperOf(order!.id);
    expect(number).toMatch(/^INV-2026-\d{6}$/);
    expect(lines).toMatchObject([
      { text: cast.offering.title, detail: '24 hours at $19.92 per hour' },
      { text: 'Setup', gross_e9s: '5000000000' },
    ]);
    expect(sum(lines)).toBe(TOTAL_E9S);
    expect(tax).toMatchObject({ category: 'O', reason: 'The seller is not registered for VAT.' });
    await move(cast.renter, contract_id, 'extend');
    await move(cast.provider, contract_id, 'extend');
    const [, extension] = await mine(contract_id);
    expect(extension).toMatchObject({ kind: 'invoice', gross_e9s: String(12n * HOUR_E9S) });
    expect((await paperOf(extension!.id)).lines[0]).toMatchObject({
      ...{ text: `${cast.offering.title}: more hours`, detail: '12 hours at $19.92 per hour' },
    });
    cast.t.clock.advance(10 * MINUTE_MS);
    await move(cast.provider, contract_id, 'cancel');
    const all = await mine(contract_id);
    const notes = all.filter(({ kind }) => kind === 'credit_note');
    // The extension first, then of the order what is left.
    const seen = await Promise.all(notes.map(({ id }) => paperOf(id)));
    expect(seen.map(({ corrects }) => corrects?.number)).toEqual([
      ...[extension!.number, order!.number],
    ]);
    expect((await paperOf(order!.id)).corrected_by.map(({ id }) => id)).toEqual([notes[1]!.id]);
    await checkPapers(cast.t.deps, contract_id);
  });

  test('shows each paper to its buyer and its seller, and to nobody else', async () => {
    const contract_id = await rentalIn('rejected', cast);
    const [order] = await mine(contract_id);
    const sold = await cast.provider.ask(papers.list, { query: { side: 'sold', contract_id } });
    expect(sold.items.map(({ kind }) => kind).sort()).toEqual(['credit_note', 'invoice']);
    expect(await paperOf(order!.id, cast.provider)).toEqual(await paperOf(order!.id));
    const stranger = await signUp(cast.t, 'stranger');
    const params = { invoice_id: order!.id };
    expect((await stranger.send(papers.get, { params })).status).toBe(404);
    expect((await stranger.send(papers.show, { params })).status).toBe(404);
    expect((await stranger.send(papers.listAll, {})).status).toBe(404);
    expect((await stranger.send(papers.file, { query: { year: 2026 } })).status).toBe(404);
    for (const side of ['bought', 'sold', 'commission'] as const) {
      const query = { side, contract_id };
      expect((await stranger.ask(papers.list, { query })).items).toEqual([]);
    }
  });

  test('is taxed by what both had said, and stays so when they say something else', async () => {
    const t = cast.t;
    const seller = await signUp(t, 'seller');
    const buyer = await signUp(t, 'buyer');
    await payIn(t.deps, buyer, 'EUR', TOTAL_E9S * 3n);
    const offering = await listOffering(seller, { stock: 9, currency: 'EUR' });
    await seller.ask(papers.setDetails, { body: german });
    const home = { ...german, name: '=HYPERLINK("x")', vat_id: '' };
    await buyer.ask(papers.setDetails, { body: home });
    const own = { ...cast, renter: buyer, provider: seller, offering };
    const contract_id = await rentalIn('active', own);
    const [order] = await mine(contract_id, buyer);
    const paper = await paperOf(order!.id, buyer);
    // 483.08 with 19 % in it: 77.1304…
    expect(paper).toMatchObject({
      ...{ tax_e9s: '77130000000', net_e9s: '405950000000' },
      tax: { category: 'S', country: 'DE', rate_bp: 1_900, reason: '' },
      seller: { name: 'Harbour GmbH', vat_id: 'DE136695976', address: ['Kai 4', '20457 Hamburg'] },
    });
    const abroad = { ...german, country: 'AT', vat_id: 'ATU13585627' };
    await buyer.ask(papers.setDetails, { body: abroad });
    t.clock.advance(10 * MINUTE_MS);
    await move(seller, contract_id, 'cancel');
    const [, note] = await mine(contract_id, buyer);
    const credit = await paperOf(note!.id, buyer);
    expect(credit).toMatchObject({ buyer: { country: 'DE' }, tax: { category: 'S' } });
    const { contract_id: second } = await requestRental(buyer, offering);
    const [reversed] = await mine(second, buyer);
    expect(await paperOf(reversed!.id, buyer)).toMatchObject({
      ...{ tax_e9s: '0', tax: { category: 'AE', rate_bp: 0 } },
    });
    await checkPapers(t.deps, contract_id);
  });
});

describe('what is not paid here', () => {
  test('has no paper: a request that ends before it is paid', async () => {
    const poor = await signUp(cast.t, 'poor');
    const { contract_id } = await requestRental(poor, cast.offering, { pays_by: 'transfer' });
    await payIn(cast.t.deps, poor, 'USD', 100n);
    expect(await mine(contract_id, poor)).toEqual([]);
    await move(poor, contract_id, 'cancel');
    expect(await mine(contract_id, poor)).toEqual([]);
  });

  test('has one invoice where it was paid in parts', async () => {
    const slow = await signUp(cast.t, 'slow');
    const { contract_id } = await requestRental(slow, cast.offering, { pays_by: 'transfer' });
    for (const part of [1n, 2n, TOTAL_E9S]) {
      await payIn(cast.t.deps, slow, 'USD', part);
      await cast.t.drain();
    }
    const all = await mine(contract_id, slow);
    expect(all).toMatchObject([{ kind: 'invoice', gross_e9s: String(TOTAL_E9S) }]);
    await checkPapers(cast.t.deps, contract_id);
  });
});

test('a month’s commission is invoiced once, to the last part of what was taken', async () => {
  const own = await makeCast({ config: { payments: 'balance' } });
  await payIn(own.t.deps, own.renter, 'USD', TOTAL_E9S * 10n);
  await own.provider.ask(papers.setDetails, { body: german });
  const ids = [await rentalIn('active', own), await rentalIn('active', own)];
  await rentalIn('rejected', own);
  for (let day = 0; day < 40; day += 1) await own.wait(DAY_MS);
  const query = { side: 'commission' as const };
  const { items } = await own.provider.ask(papers.list, { query });
  expect(items).toMatchObject([{ kind: 'commission', number: 'COM-2026-000001', seller: 'Berth' }]);
  const paper = await paperOf(items[0]!.id, own.provider);
  expect(paper.period).toBe('2026-01');
  expect(paper.lines.map((line) => line.contract_id).sort()).toEqual(ids.toSorted());
  const taken = await own.t.deps.db
    .selectFrom('ledger_postings')
    .where('account', '=', 'commission')
    .select('amount_e9s')
    .execute();
  const taken_e9s = taken.reduce((total, { amount_e9s }) => total + amount_e9s, 0n);
  expect(sum(items)).toBe(taken_e9s);
  expect(sum(paper.lines)).toBe(taken_e9s);
  expect((await own.renter.ask(papers.list, { query })).items).toEqual([]);
  await own.t.close();
});

describe('numbers', () => {
  const written = async (fails: boolean, nth: number) => {
    const { deps } = cast.t;
    const entry = await deps.db.selectFrom('ledger_entries').select('id').limit(1).execute();
    const party = { name: 'x', handle: null, address: [], country: null, vat_id: null };
    const tax = { category: 'O' as const, country: null, rate_bp: 0, reason: '' };
    return deps.write(async (ctx) => {
      const row = await issue(ctx, 'invoice', {
        ...{ entry_id: entry[0]!.id, cause_id: `race:${nth}`, contract_id: null, currency: 'USD' },
        ...{ seller_id: null, buyer_id: cast.renter.account.id, corrects: null },
        ...{ gross_e9s: E9, tax_e9s: 0n },
        document: { seller: party, buyer: party, lines: [], tax, period: null },
      });
      if (fails) throw new Error('undone');
      return row;
    });
  };

  test('have no gap after 64 at once, of which every third is undone', async () => {
    const tries = Array.from({ length: 64 }, (_, nth) => written(nth % 3 === 0, nth));
    const done = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(42);
    const rows = await cast.t.deps.db
      .selectFrom('invoices')
      .where('kind', '=', 'invoice')
      .where('year', '=', 2026)
      .orderBy('nth')
      .select('nth')
      .execute();
    expect(rows.map(({ nth }) => nth)).toEqual(rows.map((_, at) => at + 1));
  });

  test('and what was issued stay, whoever writes', async () => {
    const { write, db } = cast.t.deps;
    const [row] = await db.selectFrom('invoices').selectAll().limit(1).execute();
    const changed = write(({ tx }) => tx.updateTable('invoices').set({ nth: 99 }).execute());
    await expect(changed).rejects.toThrow('invoices: an invoice is never changed');
    const removed = write(({ tx }) => tx.deleteFrom('invoices').execute());
    await expect(removed).rejects.toThrow(/invoices: an invoice is never/);
    const next = { ...row!, id: 'x', number: 'x', cause_id: 'x' };
    const far = write(({ tx }) =>
      tx
        .insertInto('invoices')
        .values({ ...next, nth: 9_999 })
        .execute(),
    );
    await expect(far).rejects.toThrow('invoices: numbers have no gaps');
    const credit = { ...next, kind: 'credit_note', corrects: row!.id };
    const [last] = await db
      .selectFrom('invoices')
      .where('kind', '=', 'credit_note')
      .select((eb) => eb.fn.max('nth').as('nth'))
      .execute();
    const more = { ...credit, nth: last!.nth + 1, gross_e9s: row!.gross_e9s + 1n };
    const over = write(({ tx }) => tx.insertInto('invoices').values(more).execute());
    await expect(over).rejects.toThrow('invoices: no more is credited than was invoiced');
  });
});

test('an admin reads all, and a file in which no name is a formula', async () => {
  const { deps } = cast.t;
  const admin = await signUp(cast.t, 'boss');
  await deps.write(({ tx }) =>
    tx.updateTable('accounts').set({ is_admin: 1 }).where('id', '=', admin.account.id).execute(),
  );
  const boss = await signIn(cast.t, admin);
  const { items } = await boss.ask(papers.listAll, { query: { limit: 100 } });
  expect(items.length).toBeGreaterThan(42);
  const invoice_id = items.at(-1)!.id;
  expect((await boss.ask(papers.show, { params: { invoice_id } })).id).toBe(invoice_id);
  expect((await boss.send(papers.get, { params: { invoice_id } })).status).toBe(404);
  const { text } = await boss.send(papers.file, { query: { year: 2026 } });
  const [head, first, ...rest] = text.trim().split('\n');
  expect(head).toContain('number,issued_at,currency,net,tax,gross');
  expect(first).toContain('INV-2026-000001');
  expect(text).toContain(`"'=HYPERLINK(""x"")"`);
  expect(text).not.toMatch(/(^|,)"?=/m);
  const after = await boss.send(papers.file, { query: { year: 2026, after: 3 } });
  expect(after.text.trim().split('\n').slice(1)).toEqual(rest.slice(2));
});

const step = fc.constantFrom('extend', 'hour', 'day', 'drain');
test.prop([fc.array(step, { maxLength: 8 }), fc.constantFrom('renter', 'provider', 'nobody')], {
  numRuns: 8,
})('papers are what the ledger posted, in any life of a contract', async (steps, by) => {
  cast.renter = await signIn(cast.t, cast.renter);
  cast.provider = await signIn(cast.t, cast.provider);
  await payIn(cast.t.deps, cast.renter, 'USD', TOTAL_E9S * 10n);
  const contract_id = await rentalIn('active', cast, { hours: 240 });
  for (const one of steps) {
    if (one === 'hour') await cast.wait(HOUR_MS);
    else if (one === 'day') await cast.wait(DAY_MS);
    else if (one === 'drain') await cast.t.drain();
    else {
      await move(cast.renter, contract_id, 'extend');
      await move(cast.provider, contract_id, 'extend');
    }
  }
  if (by !== 'nobody') await move(cast[by], contract_id, 'cancel');
  else await cast.wait(60 * DAY_MS);
  await cast.t.drain();
  await checkPapers(cast.t.deps, contract_id);
});
