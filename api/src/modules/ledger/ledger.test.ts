import { spawnSync } from 'node:child_process';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '@berth/shared/endpoints';
import { balanceOf } from '@berth/shared/ledger/accounts';
import { E9, MAX_TOTAL_E9S } from '@berth/shared/money';
import { DAY_MS, HOUR_MS } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { testDialect } from '../../../test/harness.ts';
import { checkLedger, payIn } from '../../../test/money.ts';
import { signIn, signUp, type Client } from '../../../test/people.ts';
import { rentalIn, requestRental } from '../../../test/rental.ts';
import { setAdmin } from '../admin/index.ts';
import { getAnyBalance, post } from './index.ts';

const { ledger } = endpoints;
const WITHDRAWALS = 64;

let cast: Cast;
let boss: Client;
beforeAll(async () => {
  cast = await makeCast({ config: { payments: 'balance' } });
  boss = await signUp(cast.t, 'boss');
  await cast.t.deps.write((ctx) => setAdmin(ctx, 'boss', true));
});
afterAll(async () => {
  await checkLedger(cast.t.deps);
  await cast.t.close();
});

const balance = (client: Client) =>
  getAnyBalance(cast.t.deps.db, balanceOf(client.account.id), 'USD');

interface Draft {
  account: string;
  currency?: string;
  amount_e9s: unknown;
}
let drafts = 0;
/** Writes an entry as somebody with the database would. */
function insert(postings: readonly Draft[], mode = 'live') {
  drafts += 1;
  const said = JSON.stringify(postings.map((one) => ({ currency: 'EUR', ...one })));
  const cause = `draft ${drafts}`;
  const query = sql`INSERT INTO ledger_entries (at, mode, cause_kind, cause_id, memo, postings)
    VALUES ('2026-01-01T00:00:00.000Z', ${mode}, 'test', ${cause}, '', ${said})`;
  return cast.t.deps.write(({ tx }) => query.execute(tx));
}
const run = (text: string) => cast.t.deps.write(({ tx }) => sql.raw(text).execute(tx));

describe('the database itself', () => {
  const much = { account: 'clearing:wire', amount_e9s: '-5' };

  test.each<[string, Draft[]]>([
    ['that does not balance', [much, { account: 'balance:x', amount_e9s: '6' }]],
    [
      'that balances over two currencies alone',
      [much, { account: 'balance:x', amount_e9s: '5', currency: 'USD' }],
    ],
    ['of one posting', [much]],
    [
      'of nothing',
      [
        { account: 'balance:x', amount_e9s: '0' },
        { account: 'commission', amount_e9s: '0' },
      ],
    ],
    ['with a number for an amount', [much, { account: 'balance:x', amount_e9s: 5 }]],
    ['with an amount written twice over', [much, { account: 'balance:x', amount_e9s: '05' }]],
    ['with a fraction', [much, { account: 'balance:x', amount_e9s: '5.0' }]],
    [
      'beyond 64 bits',
      [
        { account: 'clearing:wire', amount_e9s: '-9223372036854775808000' },
        { account: 'balance:x', amount_e9s: '9223372036854775808000' },
      ],
    ],
    ['of a kind of account that there is not', [much, { account: 'gift:x', amount_e9s: '5' }]],
    [
      'in a currency that there is not',
      [
        { ...much, currency: 'ABC' },
        { account: 'balance:x', amount_e9s: '5', currency: 'ABC' },
      ],
    ],
    [
      'that takes an account below zero',
      [
        { account: 'balance:x', amount_e9s: '-1' },
        { account: 'balance:y', amount_e9s: '1' },
      ],
    ],
  ])('refuses an entry %s', async (_, postings) => {
    await expect(insert(postings)).rejects.toThrow();
  });

  test('refuses a mode that there is not, and takes what is right', async () => {
    const right = [much, { account: 'balance:x', amount_e9s: '5' }];
    await expect(insert(right, 'test')).rejects.toThrow();
    await insert(right);
    // Of another mode the same account has nothing.
    const spent = [
      { account: 'balance:x', amount_e9s: '-5' },
      { account: 'commission', amount_e9s: '5' },
    ];
    await expect(insert(spent, 'sandbox')).rejects.toThrow();
    await insert(spent);
  });

  test.each([
    `UPDATE ledger_entries SET memo = 'x'`,
    `DELETE FROM ledger_entries`,
    `UPDATE ledger_postings SET amount_e9s = 1`,
    `DELETE FROM ledger_postings`,
    `DELETE FROM ledger_accounts`,
    `INSERT INTO ledger_postings (entry_id, nth, account, currency, mode, amount_e9s)
      VALUES (1, 7, 'balance:x', 'USD', 'live', 5)`,
    `UPDATE ledger_accounts SET whole = whole + 1`,
    `UPDATE ledger_accounts SET rest_e9s = 7`,
    `UPDATE ledger_accounts SET account = account || 'x'`,
    `INSERT INTO ledger_accounts (account, currency, mode, whole, rest_e9s)
      VALUES ('balance:new', 'USD', 'live', 5, 0)`,
  ])('refuses %s', async (text) => {
    await payIn(cast.t.deps, cast.renter, 'USD', 1n);
    await expect(run(text)).rejects.toThrow();
  });

  test('refuses to change or remove what was agreed of a contract’s escrow', async () => {
    await payIn(cast.t.deps, cast.renter, 'USD', 1_000n * E9);
    await rentalIn('pending', cast);
    for (const text of [
      'UPDATE escrows SET commission_bp = 0',
      `UPDATE escrows SET contract_id = contract_id || '0'`,
      'DELETE FROM escrows',
    ]) {
      await expect(run(text), text).rejects.toThrow('escrows');
    }
  });

  const entry = (id: string, cause: string, postings: string, at = '2026-01-01T00:00:00.000Z') =>
    `INTO ledger_entries (id, at, mode, cause_kind, cause_id, memo, postings)
      VALUES (${id}, '${at}', 'live', 'shell', '${cause}', '', ${postings})`;
  const one = (account: string, amount_e9s: string) =>
    `{"account":"${account}","currency":"USD","amount_e9s":"${amount_e9s}"}`;
  const owing = (account: string, amount_e9s: string) =>
    `'[${one(account, `-${amount_e9s}`)},${one('balance:x', amount_e9s)}]'`;
  const gift = owing('clearing:wire', '5');

  const onSqlite: [string, string][] = [
    ['an entry written over another by its number', `REPLACE ${entry('1', 'a', gift)}`],
    [
      'money made by passing over what is refused',
      `INSERT OR IGNORE ${entry('NULL', 'b', owing('balance:n', '5'))}`,
    ],
    [
      'a posting to an account that there is not, passed over',
      `INSERT OR IGNORE ${entry('NULL', 'c', owing('gift:n', '5'))}`,
    ],
    [
      'a posting of nothing, passed over',
      `INSERT OR IGNORE ${entry('NULL', 'd', gift.replaceAll(/-?5/g, '0'))}`,
    ],
    ['a posting that counts again', 'REPLACE INTO ledger_postings SELECT * FROM ledger_postings'],
    [
      'a balance begun anew',
      `REPLACE INTO ledger_accounts SELECT account, currency, mode, 0, 0 FROM ledger_accounts`,
    ],
    ['the last number that there is', `INSERT ${entry('9223372036854775807', 'e', gift)}`],
    ['a number before all others', `INSERT ${entry('-1', 'f', gift)}`],
    [
      'a key that stands twice',
      `INSERT ${entry('NULL', 'g', gift.replaceAll('"amount', '"amount_e9s":"5","amount'))}`,
    ],
    [
      'JSON that only SQLite reads',
      `INSERT ${entry('NULL', 'h', gift.replaceAll('"account"', 'account'))}`,
    ],
    ['JSON as bytes', `INSERT ${entry('NULL', 'i', `jsonb(${gift})`)}`],
    ['an entry of no time', `INSERT ${entry('NULL', 'j', gift, 'tomorrow')}`],
    ['an account of two lines', `INSERT ${entry('NULL', 'k', gift.replace(':x', ':x\\ny'))}`],
    [
      'an account with what ends a text',
      `INSERT ${entry('NULL', 'k', gift.replace(':x', ':x\\u0000'))}`,
    ],
  ];
  test.each(testDialect === 'sqlite' ? onSqlite : [])('refuses %s on SQLite', async (_, text) => {
    await payIn(cast.t.deps, cast.renter, 'USD', 1n);
    await expect(run(text)).rejects.toThrow('ledger: ');
  });

  test('keeps the entry of a cause, whatever is written over it', async () => {
    // PostgreSQL has no such statement.
    const verb = testDialect === 'sqlite' ? 'REPLACE' : 'INSERT';
    const over = testDialect === 'sqlite' ? '' : 'ON CONFLICT DO NOTHING';
    await payIn(cast.t.deps, cast.renter, 'USD', 1n);
    const entries = () => cast.t.deps.db.selectFrom('ledger_entries').selectAll().execute();
    const before = await entries();
    await run(`${verb} INTO ledger_entries (at, mode, cause_kind, cause_id, memo, postings)
      SELECT at, mode, cause_kind, cause_id, 'forged', postings FROM ledger_entries
      WHERE true ${over}`);
    expect(await entries()).toEqual(before);
  });

  const onPostgres: [string, string, string][] = [
    [
      'a number beyond what JavaScript counts',
      `INSERT ${entry('9007199254740992', 'a', gift)}`.replace(
        'VALUES',
        'OVERRIDING SYSTEM VALUE VALUES',
      ),
      'ledger: entries count',
    ],
    ['an entry of no time', `INSERT ${entry('DEFAULT', 'b', gift, 'tomorrow')}`, 'ledger: '],
    [
      'an account of two lines',
      `INSERT ${entry('DEFAULT', 'c', gift.replace(':x', ':x\\ny'))}`,
      'ledger: ',
    ],
    ['all of it away', 'TRUNCATE ledger_accounts', 'append only'],
    ['all of it away', 'TRUNCATE ledger_entries CASCADE', 'append only'],
    ['what was agreed away', 'TRUNCATE contract_sign_requests CASCADE', 'append only'],
    [
      'a posting of an entry that is another table’s',
      `CREATE TEMP TABLE ledger_entries AS SELECT id, mode,
          '[null,null,{"account":"balance:x","currency":"USD","amount_e9s":"5"}]' AS postings
          FROM ledger_entries LIMIT 1;
        INSERT INTO ledger_postings SELECT id, 2, 'balance:x', 'USD', mode, 5 FROM ledger_entries`,
      'ledger: a posting',
    ],
  ];
  test.each(testDialect === 'postgres' ? onPostgres : [])(
    'refuses %s on PostgreSQL',
    async (_, text, why) => {
      await payIn(cast.t.deps, cast.renter, 'USD', 1n);
      const script = cast.t.deps.database.write((_tx, runScript) => runScript(text));
      await expect(script).rejects.toThrow(why);
    },
  );

  test('counts beyond 64 bits, to the last e9s', async () => {
    const rich = await signUp(cast.t, 'rich');
    const much_e9s = MAX_TOTAL_E9S * 11n + 1n;
    await payIn(cast.t.deps, rich, 'USD', much_e9s);
    expect(await balance(rich)).toBe(much_e9s);
  });
});

test('a cause posts once, however often it comes', async () => {
  const saver = await signUp(cast.t, 'saver');
  const postings = [
    { account: 'clearing:wire', currency: 'USD', amount_e9s: -E9 },
    { account: balanceOf(saver.account.id), currency: 'USD', amount_e9s: E9 },
  ] as const;
  const cause = { kind: 'wire', id: 'the same' } as const;
  const again = () => cast.t.deps.write((ctx) => post(ctx, cause, 'In', postings));
  const done = await Promise.all(Array.from({ length: 8 }, again));
  expect(done.filter(Boolean)).toHaveLength(1);
  expect(await balance(saver)).toBe(E9);
});

describe('an admin', () => {
  const transfer = (changes: Record<string, unknown>) =>
    boss.send(ledger.transfer, {
      body: {
        ...{ direction: 'in', handle: 'sailor', account: 'balance', currency: 'USD' },
        ...{ amount_e9s: '1000000000', reference: 'A1' },
        ...changes,
      } as never,
    });

  test('books a transfer once, and never more out than there is', async () => {
    const before = await balance(cast.renter);
    expect((await transfer({ reference: 'IN 1' })).status).toBe(204);
    for (const reference of ['IN 1', ' in  1 ', 'ＩＮ 1']) {
      expect((await transfer({ reference })).problem().code).toBe('payment.booked');
    }
    expect(await balance(cast.renter)).toBe(before + E9);
    const out = { direction: 'out', amount_e9s: (before + E9 + 1n).toString() };
    expect((await transfer({ ...out, reference: 'OUT 1' })).problem()).toMatchObject({
      code: 'payment.insufficient',
    });
    expect((await transfer({ handle: 'nobody' })).problem().code).toBe('account.not_found');
    expect((await transfer({ account: 'payable' })).problem().code).toBe('request.invalid');
    expect((await transfer({ amount_e9s: '0' })).problem().code).toBe('request.invalid');
  });

  test('pays out what is left, and takes in nothing, where payments were switched off', async () => {
    const own = await makeCast();
    await payIn(own.t.deps, own.renter, 'USD', 5n);
    const admin = await signUp(own.t, 'boss');
    await own.t.deps.write((ctx) => setAdmin(ctx, 'boss', true));
    const of = { handle: 'sailor', account: 'balance', currency: 'USD', amount_e9s: '5' } as const;
    const book = (direction: 'in' | 'out') =>
      admin.send(ledger.transfer, { body: { ...of, direction, reference: direction } });
    expect((await book('in')).problem().code).toBe('payment.off');
    expect((await book('out')).status).toBe(204);
    await checkLedger(own.t.deps);
    await own.t.close();
  });

  test(`of ${WITHDRAWALS} withdrawals of the whole balance at once one wins`, async () => {
    const one = await signUp(cast.t, 'withdrawer');
    await payIn(cast.t.deps, one, 'USD', 7n * E9);
    const ask = { direction: 'out', handle: 'withdrawer', amount_e9s: (7n * E9).toString() };
    const replies = await Promise.all(
      Array.from({ length: WITHDRAWALS }, (_, nth) => transfer({ ...ask, reference: `W ${nth}` })),
    );
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await balance(one)).toBe(0n);
  });

  test('sees a trial balance that adds up, and the entries of one account', async () => {
    const trial = await boss.ask(ledger.trial, {});
    expect(trial.is_balanced).toBe(true);
    const usd = trial.rows.filter(({ currency, mode }) => currency === 'USD' && mode === 'live');
    expect(usd.reduce((sum, { sum_e9s }) => sum + BigInt(sum_e9s), 0n)).toBe(0n);
    const account = balanceOf(cast.renter.account.id);
    const { items } = await boss.ask(ledger.entries, { query: { account } });
    expect(items.length).toBeGreaterThan(0);
    for (const { postings } of items) {
      expect(postings.map((one) => one.account)).toContain(account);
    }
  });

  test('takes the journal to hledger, which finds the same balances', async () => {
    const journal = await boss.ask(ledger.journal, {});
    const account = balanceOf(cast.renter.account.id);
    const ours = await balance(cast.renter);
    expect(journal).toContain(account);
    const judge = spawnSync(
      'hledger',
      ['-f', '-', 'balance', '-N', account, '--output-format=csv'],
      {
        input: journal,
        encoding: 'utf8',
      },
    );
    // The judge is Debian's; a machine without it has the sums of the tests above.
    if (judge.error) return;
    expect(judge.stderr).toBe('');
    const [, amount = ''] = /"([\d.]+) USD"/.exec(judge.stdout) ?? [];
    const [whole = '', rest = ''] = amount.split('.');
    expect(BigInt(whole) * E9 + BigInt(rest.padEnd(9, '0'))).toBe(ours);
  });
});

test('a balance that is not what was posted is found within a day, until it is right', async () => {
  const own = await makeCast({ config: { payments: 'balance' } });
  const admin = await signUp(own.t, 'boss');
  await own.t.deps.write((ctx) => setAdmin(ctx, 'boss', true));
  await payIn(own.t.deps, own.renter, 'USD', MAX_TOTAL_E9S * 11n + 7n);
  await payIn(own.t.deps, own.provider, 'EUR', 5n);
  const trialAfter = async (ms: number) => {
    await own.wait(ms);
    return (await signIn(own.t, admin)).ask(ledger.trial, {});
  };
  // Whoever may take a trigger away may write a balance.
  const [off, on] =
    testDialect === 'sqlite'
      ? ['DROP TRIGGER IF EXISTS ledger_accounts_follow', 'SELECT 1']
      : ['DISABLE', 'ENABLE'].map((verb) => {
          return `ALTER TABLE ledger_accounts ${verb} TRIGGER ledger_accounts_follow`;
        });
  const account = balanceOf(own.renter.account.id);
  const forge = (change: string) =>
    own.t.deps.database.write(async (tx, runScript) => {
      await runScript(off!);
      await sql`${sql.raw(`UPDATE ledger_accounts SET ${change}`)}
        WHERE account = ${account}`.execute(tx);
      await runScript(on!);
    });

  expect(await own.t.deps.db.selectFrom('ledger_sums').selectAll().execute()).toEqual([]);
  const first = await trialAfter(HOUR_MS);
  expect(first).toMatchObject({ compared_at: own.t.clock.now(), differences: [] });
  await forge('whole = whole + 3');
  await payIn(own.t.deps, own.renter, 'USD', 2n);
  expect((await trialAfter(HOUR_MS)).differences).toEqual([]);
  const posted_e9s = MAX_TOTAL_E9S * 11n + 9n;
  expect((await trialAfter(DAY_MS)).differences).toEqual([
    {
      ...{ account, currency: 'USD', mode: 'live', posted_e9s: posted_e9s.toString() },
      balance_e9s: (posted_e9s + 3n * E9).toString(),
    },
  ]);
  // Nothing more moves on it, whatever it is for, and everybody else's goes on.
  const pay = () => payIn(own.t.deps, own.renter, 'USD', 2n);
  await expect(pay()).rejects.toMatchObject({ problem: { code: 'payment.parked' } });
  const request = () => requestRental(own.renter, own.offering);
  await expect(request()).rejects.toThrow('payment.parked');
  await payIn(own.t.deps, own.provider, 'USD', 2n);
  await forge('whole = whole - 3');
  expect((await trialAfter(DAY_MS)).differences).toEqual([]);
  await own.t.close();
});
