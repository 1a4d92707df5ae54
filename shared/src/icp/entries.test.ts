import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Hex } from '../canonical.ts';
import { fromHex, toHex, utf8 } from '../signing/bytes.ts';
import { i64, MAX_LIST_ITEMS, writeBorsh } from './borsh.ts';
import { contractReply } from './contract-reply.ts';
import { icpContractId, readContractRequest, writeContractRequest } from './contract-request.ts';
import {
  profileRecord,
  readEntry,
  writeEntry,
  type EntryContent,
  type EntryKind,
  type RawEntry,
} from './entries.ts';

const MAX_U64 = 2n ** 64n - 1n;
const hexOf = (least: number, most = least) =>
  fc.uint8Array({ minLength: least, maxLength: most }).map(toHex);
const u64 = fc.oneof(fc.bigInt(0n, MAX_U64), fc.constantFrom(0n, MAX_U64, 2n ** 63n));
const signed64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
const words = fc.string({ unit: 'binary' });
const maybe = <T>(one: Arbitrary<T>) => fc.option(one, { nil: null });
const key = hexOf(32);
const signature = hexOf(64);
const account = fc.record({ owner: hexOf(0, 29), sub: maybe(hexOf(32)) });
const memo = fc.uint8Array();

const request = fc.record({
  requester: key,
  ssh_public_key: words,
  contact: words,
  provider: key,
  offering_id: words,
  region: maybe(words),
  contract_id: maybe(words),
  instance_config: maybe(words),
  amount_e9s: u64,
  payments: fc.array(
    fc.record({ pricing_model: words, unit: words, quantity: u64, amount_e9s: u64 }),
    { maxLength: 3 },
  ),
  start_unix_s: maybe(u64),
  memo: words,
});

const profile = fc
  .record({
    kind: words,
    name: words,
    version: words,
    api_version: words,
    description: maybe(words),
    url: maybe(words),
    logo: maybe(words),
    why: maybe(words),
    names: fc.uniqueArray(words, { maxLength: 5 }),
  })
  .map(({ names, ...rest }) => {
    const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return { ...rest, contacts: sorted.map((name) => [name, `at ${name}`] as const) };
  });

const register = fc.record({ key, value: fc.record({ signature }) });

/** Everything that each kind can say, its kind left out. */
const said: {
  [N in EntryKind]: Arbitrary<Omit<Extract<EntryContent, { kind: N }>, 'kind'>>;
} = {
  provider_register: register,
  user_register: register,
  check_in: fc.record({
    key,
    value: fc.record({ memo: maybe(words), nonce_signature: signature }),
  }),
  profile: fc.tuple(key, profile, signature).map(([by, says, sig]) => ({
    key: by,
    value: { payload: writeBorsh(profileRecord, says), signature: sig, says },
  })),
  offering: fc.record({
    key,
    value: fc.record({ payload: fc.uint8Array(), signature, says: fc.constant(null) }),
  }),
  contract_request: fc.tuple(request, signature).map(([says, sig]) => {
    const payload = writeContractRequest(says);
    return { key: icpContractId(payload), value: { payload, signature: sig, says } };
  }),
  contract_reply: fc
    .tuple(key, words, key, fc.boolean(), words, words, signature)
    .map(([requester, why, contract_id, accepted, text, details, sig]) => {
      const says = { requester, memo: why, contract_id, accepted, text, details };
      const payload = writeBorsh(contractReply, says);
      return { key: contract_id, value: { payload, signature: sig, says } };
    }),
  transfer: fc.record({
    key,
    value: fc.record({
      from: account,
      to: account,
      fee_e9s: maybe(u64),
      fee_accounts: maybe(fc.array(account, { maxLength: 3 })),
      created_ns: maybe(u64),
      memo,
      amount_e9s: u64,
      from_after_e9s: u64,
      to_after_e9s: u64,
    }),
  }),
  approval: fc.record({
    key,
    value: fc.record({
      approver: account,
      spender: account,
      allowance_e9s: u64,
      expires_ns: maybe(u64),
      fee_e9s: u64,
      memo,
      created_ns: u64,
    }),
  }),
  reputation_change: fc
    .array(fc.record({ public_key: key, change: signed64 }), { maxLength: 4 })
    .map((changes) => {
      const value = { changes };
      const drawn = writeEntry({ kind: 'reputation_change', key: '00'.repeat(32), value });
      return { key: sha256Hex(drawn.value), value };
    }),
  reputation_age: fc.record({ key: hexOf(0, 4), value: fc.record({ reduction_ppm: u64 }) }),
  reward: fc.record({ key: fc.constant('LastRewardNs'), value: fc.record({ at_ns: u64 }) }),
  linked_principals: fc.record({
    key: u64,
    value: fc.record({
      main: hexOf(0, 29),
      added: fc.array(hexOf(0, 29), { maxLength: 3 }),
      removed: fc.array(hexOf(0, 29), { maxLength: 3 }),
    }),
  }),
};
const kindNames = Object.keys(said) as EntryKind[];
const contentOf = (kind: EntryKind) =>
  (said[kind] as Arbitrary<object>).map((rest) => ({ kind, ...rest }) as EntryContent);
const anyContent = fc.constantFrom(...kindNames).chain(contentOf);

/** The value of an entry that is an upsert. */
const reading = (label: string, key_hex: string, value: string | Uint8Array) => {
  const bytes = typeof value === 'string' ? fromHex(value) : value;
  return readEntry({ label, key: fromHex(key_hex), value: bytes, op: 'upsert' });
};
const faultOf = (label: string, key_hex: string, value: string | Uint8Array) => {
  const read = reading(label, key_hex, value);
  return read.ok ? null : `${read.part} ${read.fault.offset}: ${read.fault.reason}`;
};

const LABELS: Record<EntryKind, string[]> = {
  provider_register: ['ProvRegister', 'NPRegister'],
  user_register: ['UserRegister'],
  check_in: ['ProvCheckIn', 'NPCheckIn'],
  profile: ['ProvProfile', 'NPProfile'],
  offering: ['ProvOffering', 'NPOffering'],
  contract_request: ['ContractSignReq'],
  contract_reply: ['ContractSignReply'],
  transfer: ['DCTokenTransfer'],
  approval: ['DCTokenApproval'],
  reputation_change: ['RepChange'],
  reputation_age: ['RepAge'],
  reward: ['RewardDistr'],
  linked_principals: ['LinkedIcIds'],
};

test.each(kindNames)('%s: what is written is read again, under the older label too', (kind) => {
  fc.assert(
    fc.property(contentOf(kind), (content) => {
      expect(writeEntry(content).label).toBe(LABELS[kind][0]);
      for (const label of LABELS[kind]) {
        expect(readEntry(writeEntry(content, label))).toEqual({ ok: true, content });
      }
    }),
    { numRuns: 60 },
  );
});

test.each(kindNames)('%s: a deleted entry keeps its key and needs no value', (kind) => {
  fc.assert(
    fc.property(contentOf(kind), (content) => {
      const deleted = { kind: 'deleted', deleted: kind, key: content.key } as never;
      const raw = writeEntry(deleted);
      expect(raw).toMatchObject({ op: 'delete', value: new Uint8Array() });
      expect(readEntry(raw)).toEqual({ ok: true, content: deleted });
    }),
    { numRuns: 20 },
  );
});

test('a value cut anywhere, or longer than it should be, is named and never thrown', () => {
  fc.assert(
    fc.property(anyContent, fc.nat(), (content, n) => {
      const raw = writeEntry(content);
      // 64 bytes alone are a check-in's older form; there only the block's hash shows a cut.
      const length = n % raw.value.length;
      const cut = raw.value.subarray(0, length === 64 ? 63 : length);
      const long = new Uint8Array([...raw.value, 0]);
      for (const value of [cut, long]) {
        const read = readEntry({ ...raw, value });
        expect(read).toMatchObject({ ok: false });
        if (!read.ok) {
          expect(read.fault.offset).toBeLessThanOrEqual(value.length);
          expect(read.fault.reason).not.toBe('');
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('any bytes under any label are read or named, and never thrown', () => {
  const labels = fc.constantFrom(...Object.values(LABELS).flat());
  fc.assert(
    fc.property(labels, fc.uint8Array(), fc.uint8Array(), (label, some, value) => {
      const read = readEntry({ label, key: some, value, op: 'upsert' });
      if (read.ok) expect(writeEntry(read.content as EntryContent, label).value).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test('a byte flipped in an entry is named, or says something else and is written back so', () => {
  fc.assert(
    fc.property(anyContent, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, n, flip) => {
      const raw: RawEntry = writeEntry(content);
      const value = raw.value.slice();
      const place = n % value.length;
      value[place] = (value[place] as number) ^ flip;
      const read = readEntry({ ...raw, value });
      if (!read.ok) return;
      expect(read.content).not.toEqual(content);
      expect(writeEntry(read.content as EntryContent).value).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test('an unknown label is no fault', () => {
  for (const label of ['', 'constructor', 'provregister', 'ProvRegister ', '\u0000']) {
    expect(reading(label, '', 'ff')).toEqual({ ok: true, content: { kind: 'unknown' } });
  }
});

const KEY = '11'.repeat(32);
const SIG = '22'.repeat(64);

test('each form is the bytes that the chain has', () => {
  const register_ = { kind: 'provider_register', key: KEY, value: { signature: SIG } };
  expect(reading('ProvRegister', KEY, SIG)).toEqual({ ok: true, content: register_ });
  const content = (memo_: string | null) => ({
    ok: true,
    content: { kind: 'check_in', key: KEY, value: { memo: memo_, nonce_signature: SIG } },
  });
  expect(reading('NPCheckIn', KEY, SIG)).toEqual(content(null));
  expect(reading('ProvCheckIn', KEY, `00020000006869${'40000000'}${SIG}`)).toEqual(content('hi'));
  expect(reading('RewardDistr', toHex(utf8('LastRewardNs')), 'ff'.repeat(8))).toMatchObject({
    content: { value: { at_ns: MAX_U64 } },
  });
  expect(reading('RepAge', '', '0001000000000000ff')).toMatchObject({
    content: { value: { reduction_ppm: 0xff00000000000001n } },
  });
  const change = `00${'01000000'}${'20000000'}${KEY}${'ffffffffffffffff'}`;
  expect(reading('RepChange', sha256Hex(fromHex(change)), change)).toMatchObject({
    content: { value: { changes: [{ public_key: KEY, change: -1n }] } },
  });
});

test('the largest amounts are kept to the last digit', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const most = { ...asked, amount_e9s: MAX_U64, start_unix_s: MAX_U64 };
      expect(readContractRequest(writeContractRequest(most))).toEqual({ ok: true, value: most });
    }),
    { numRuns: 20 },
  );
  expect(toHex(writeBorsh(i64, -(2n ** 63n)))).toBe('0000000000000080');
});

test.each<[string, string | null, string, string, string]>([
  ['a short key', 'key 0: bytes missing: 1 of 32', 'ProvRegister', '11'.repeat(31), SIG],
  ['a long key', 'key 32: bytes left over: 1', 'UserRegister', `${KEY}00`, SIG],
  ['a short signature', 'value 0: bytes missing: 1 of 64', 'NPRegister', KEY, SIG.slice(2)],
  ['a second variant', 'value 0: the variant is 1, of at most 0', 'RepAge', '', `01${KEY}`],
  ['a text that is none', 'value 5: the text is not UTF-8', 'ProvCheckIn', KEY, '0001000000ff'],
  [
    'a length past the end',
    'value 5: bytes missing: 4294967295 of 4294967295',
    'ProvCheckIn',
    KEY,
    '00ffffffff',
  ],
  [
    'a key that is another word',
    'key 0: the key is not LastRewardNs',
    'RewardDistr',
    '00'.repeat(12),
    '00'.repeat(8),
  ],
])('%s is named with its place', (_, fault, label, key_hex, value) => {
  expect(faultOf(label, key_hex, value)).toBe(fault);
});

test('a list that says it is longer than any is refused before it is read', () => {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(MAX_LIST_ITEMS + 1);
  const value = Buffer.concat([Buffer.of(0), count, Buffer.alloc(MAX_LIST_ITEMS * 4)]);
  expect(faultOf('RepChange', KEY, value)).toBe(
    `value 1: a list has ${MAX_LIST_ITEMS + 1} items, of ${MAX_LIST_ITEMS}`,
  );
});

test('a request or a reply under another contract, and a change under another hash, is named', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('contract_request', 'contract_reply', 'reputation_change').chain(contentOf),
      (content) => {
        const raw = writeEntry({ ...content, key: KEY } as EntryContent);
        expect(readEntry(raw)).toMatchObject({ ok: false, part: 'key' });
      },
    ),
    { numRuns: 30 },
  );
});

test('contacts that are out of order or named twice are refused', () => {
  const says = {
    ...{ kind: '', name: '', version: '', api_version: '' },
    ...{ description: null, url: null, logo: null, why: null },
    contacts: [['a', ''] as const, ['b', ''] as const],
  };
  const right = toHex(writeBorsh(profileRecord, says));
  const read = (payload: string) =>
    faultOf(
      'ProvProfile',
      KEY,
      `00${(payload.length / 2).toString(16)}000000${payload}40000000${SIG}`,
    );
  expect(read(right)).toBe(null);
  expect(read(right.replace('0100000062', '0100000061'))).toMatch(/contacts are not in order/);
  expect(read(right.replace('0100000061', '0100000063'))).toMatch(/contacts are not in order/);
});
