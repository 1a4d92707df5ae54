import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS } from '@berth/shared/time';
import { makeEcbRates } from './index.ts';

const NOW_MS = Date.parse('2026-11-30T17:00:00.000Z');
const head =
  '<?xml version="1.0" encoding="UTF-8"?>\n<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"' +
  ' xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">\n<gesmes:subject>Reference rates' +
  '</gesmes:subject>\n<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name>' +
  '</gesmes:Sender>\n<Cube>\n';
const day = (time: string, rates: string) => `<Cube time='${time}'>\n${rates}\n</Cube>\n`;
const rate = (currency: string, amount: string) =>
  `<Cube currency='${currency}' rate='${amount}'/>`;
const file = (body: string) => `${head}${body}</Cube>\n</gesmes:Envelope>`;
const some = [
  ...[rate('USD', '1.1592'), rate('JPY', '181.04'), rate('GBP', '0.87590')],
  rate('CHF', '0.9317'),
].join('\n');
const good = file(day('2026-11-30', some));

let answer: { status: number; text: string } | 'nothing' = { status: 200, text: good };
const server = createServer((request, reply) => {
  if (answer === 'nothing') return void request.socket.destroy();
  reply.writeHead(answer.status, { location: '/elsewhere' }).end(answer.text);
});
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/eurofxref-daily.xml`;
});
afterAll(() => {
  server.close();
});

const fetched = (text: string, status = 200) => {
  answer = { status, text };
  return makeEcbRates(url, { nowMs: () => NOW_MS }).fetch(new AbortController().signal);
};

describe('the bank’s daily file', () => {
  test('is read to the last digit, of the currencies that are used here', async () => {
    expect(await fetched(good)).toEqual({
      date: '2026-11-30',
      source: 'European Central Bank',
      per_euro_e9s: { USD: 1_159_200_000n, GBP: 875_900_000n, CHF: 931_700_000n },
      expires_at: '2026-12-10T00:00:00.000Z',
    });
    const double = good.replaceAll("'", '"');
    expect((await fetched(double)).per_euro_e9s.USD).toBe(1_159_200_000n);
  });

  test.each<[string, string, string]>([
    ['a rate below zero', file(day('2026-11-30', rate('USD', '-1.1'))), 'no number above zero'],
    ['a rate of zero', file(day('2026-11-30', rate('USD', '0.000'))), 'no number above zero'],
    ['a rate with an exponent', file(day('2026-11-30', rate('USD', '1e3'))), 'no number'],
    ['a rate that is endless', file(day('2026-11-30', rate('USD', '9'.repeat(30)))), 'no number'],
    ['a rate that is no number', file(day('2026-11-30', rate('USD', 'N/A'))), 'no number'],
    ['one currency twice', file(day('2026-11-30', some + rate('USD', '2'))), 'two rates of USD'],
    ['two days', file(day('2026-11-30', some) + day('2026-11-27', some)), '2 days'],
    ['no day', file(`<Cube>${some}</Cube>`), '0 days'],
    ['a day that is none', file(day('2026-02-30', some)), 'no day'],
    ['a day to come', file(day('2026-12-03', some)), 'still to come'],
    ['no rate', file(day('2026-11-30', '')), 'no rate of any currency'],
    ['none that is used here', file(day('2026-11-30', rate('JPY', '181'))), 'no rate of any'],
    ['half a rate', file(day('2026-11-30', `${some}<Cube currency='SEK'/>`)), 'can be read'],
    ['half of the file', good.slice(0, good.indexOf('JPY')), 'can be read'],
    ['a page of a gateway', '<html>Sign in</html>', '0 days'],
    ['nothing', '', '0 days'],
    ['too much', good + ' '.repeat(70_000), 'more than 65536 bytes'],
    ['too many', file(day('2026-11-30', manyRates())), 'more than 200 rates'],
  ])('is refused as a whole with %s', async (_, text, detail) => {
    await expect(fetched(text)).rejects.toMatchObject({
      rates_problem: 'refused',
      message: expect.stringContaining(detail) as string,
    });
  });

  test('that is old is read, and says that it has passed', async () => {
    const old = await fetched(file(day('2020-01-02', some)));
    expect(Date.parse(old.expires_at ?? '')).toBe(Date.parse('2020-01-02') + 10 * DAY_MS);
  });

  test('that is not there is not taken for another', async () => {
    for (const status of [301, 404, 500, 503]) {
      await expect(fetched(good, status)).rejects.toMatchObject({ rates_problem: 'unreachable' });
    }
    answer = 'nothing';
    const port = makeEcbRates(url, { nowMs: () => NOW_MS });
    await expect(port.fetch(new AbortController().signal)).rejects.toMatchObject({
      rates_problem: 'unreachable',
    });
    await expect(port.fetch(AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  });
});

/** As many currencies as three letters make, one after the other. */
function manyRates(): string {
  const letter = (at: number) => String.fromCharCode(65 + (at % 26));
  const names = Array.from({ length: 250 }, (_, at) => `X${letter(at / 26)}${letter(at)}`);
  return `${some}${names.map((name) => rate(name, '1')).join('')}`;
}
