import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { formatMoney } from '@berth/shared/money';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { payIn } from '../../../test/money.ts';
import { signUp, type Client } from '../../../test/people.ts';
import { move, requestRental } from '../../../test/rental.ts';
import { printPaper, type Print } from '../../files/paper-pdf.ts';

const { papers } = endpoints;

let cast: Cast;
beforeAll(async () => {
  cast = await makeCast({ config: { payments: 'balance' } });
  await payIn(cast.t.deps, cast.renter, 'USD', 10_000_000_000_000n);
});
afterAll(() => cast.t.close());

/** The text of each page, as another library reads it; its spaces are where a line broke. */
async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)));
  return text.map((page) => page.replace(/\s+/g, ' '));
}
const textOf = async (pdf: Uint8Array) => (await pagesOf(pdf)).join(' ');
/** Where long words break, nothing stands that was not there. */
const tight = (text: string) => text.replace(/[\s\u200b]/g, '');

const listOf = async (client: Client, contract_id: string) => {
  await cast.t.drain();
  return (await client.ask(papers.list, { query: { contract_id } })).items;
};

const details = (name: string) => ({
  ...{ name, line1: 'Οδός Ερμού 4', line2: '', postcode: '105 63', city: 'Αθήνα' },
  ...{ country: 'GR', vat_id: 'EL123456783' },
});

test('a paper as PDF says what its page says, to the last digit', async () => {
  await cast.provider.ask(papers.setDetails, { body: details('Лодочная станция № 1') });
  await cast.renter.ask(papers.setDetails, {
    body: { ...details('#panic("x") $1/0$ \\ *Żółć* <b>&amp;</b>'), vat_id: '' },
  });
  const { contract_id } = await requestRental(cast.renter, cast.offering);
  await move(cast.renter, contract_id, 'cancel');
  const items = await listOf(cast.renter, contract_id);
  expect(items.map(({ kind }) => kind)).toEqual(['credit_note', 'invoice']);
  for (const { id: invoice_id } of items) {
    const params = { invoice_id };
    const paper = await cast.renter.ask(papers.get, { params });
    const { bytes, headers } = await cast.renter.send(papers.pdf, { params });
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="${paper.number}.pdf"`,
    });
    const text = tight(await textOf(bytes));
    const amounts = [paper.gross_e9s, paper.net_e9s, paper.tax_e9s];
    for (const one of [...amounts, ...paper.lines.map(({ gross_e9s }) => gross_e9s)]) {
      expect(text).toContain(formatMoney(BigInt(one), paper.currency));
    }
    const { seller, buyer } = paper;
    const sides = [seller, buyer].flatMap(({ name, address }) => [name, ...address]);
    const words = paper.lines.flatMap((line) => [line.text, line.detail]);
    for (const one of [paper.number, contract_id, ...sides, ...words, 'VATofGreece,24%']) {
      expect(text).toContain(tight(one));
    }
    // The same bytes each time, for its other side too; and nothing for anybody else.
    expect((await cast.provider.send(papers.pdf, { params })).bytes).toEqual(bytes);
    const stranger = await signUp(cast.t, `s${invoice_id.slice(-8)}`);
    expect((await stranger.send(papers.pdf, { params })).status).toBe(404);
    expect((await stranger.send(papers.showPdf, { params })).status).toBe(404);
  }
});

const print: Print = {
  ...{ title: 'Commission invoice', number: 'COM-2026-000001', url: 'https://berth.example/x' },
  issued_at: '2026-12-01T01:00:00.000Z',
  from: { name: 'Berth', lines: [] },
  to: { name: 'W'.repeat(200), lines: ['Ω'.repeat(100)] },
  ...{ facts: [], totals: [{ label: 'Paid', amount: '€1.00', strong: true }], notes: [] },
  lines: [],
};
const by = { acting_for: 'acc_x' };

test('a long table goes on over pages, each with its head, and no line is lost or parted', async () => {
  const lines = Array.from({ length: 1_000 }, (_, at) => ({
    ...{ text: `Line ${at} end`, detail: 'x', amount: `€${at}.00` },
  }));
  const pages = await pagesOf(await printPaper(by, { ...print, lines }));
  expect(pages.length).toBeGreaterThan(20);
  const text = pages.join(' ');
  for (const one of lines) expect(text).toContain(`${one.text} x ${one.amount}`);
  for (const [at, page] of pages.entries()) {
    expect(page).toContain('What Amount');
    expect(page).toContain(`Page ${at + 1} of ${pages.length}`);
  }
});

test('a long name breaks within its column, and letters without a form leave the rest readable', async () => {
  const lines = [{ text: '漢字 שלום after', detail: '', amount: '€1.00' }];
  const pages = await pagesOf(await printPaper(by, { ...print, lines }));
  expect(tight(pages.join(''))).toContain('W'.repeat(200));
  expect(pages.join('')).toContain('after €1.00');
});

test('an empty paper is one page', async () => {
  const empty = { ...print, totals: [], from: { name: '', lines: [] } };
  expect(await pagesOf(await printPaper(by, empty))).toHaveLength(1);
});
