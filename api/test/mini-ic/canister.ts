import { IDL } from '@dfinity/candid';

/** The chain's canister as its source has it, over bytes that a test may change at any time. */
export interface CanisterState {
  bytes: Uint8Array;
  page_bytes: number;
}

/** What a query gives back: Candid, or the words of a reject. */
export type QueryResult =
  | { readonly reply: Uint8Array }
  | { readonly reject_code: number; readonly reject_message: string; readonly error_code: string };

const DATA_START = 8_388_608;
const BYTES_BEFORE = 16;

const BLOB = IDL.Vec(IDL.Nat8);
const PAGE = IDL.Variant({ Ok: IDL.Tuple(IDL.Text, BLOB), Err: IDL.Text });
const VALUE = IDL.Variant({ Nat: IDL.Nat, Int: IDL.Int, Text: IDL.Text, Blob: BLOB });
const METADATA = IDL.Vec(IDL.Tuple(IDL.Text, VALUE));

export function answerQuery(state: CanisterState, method: string, arg: Uint8Array): QueryResult {
  if (method === 'metadata') return { reply: IDL.encode([METADATA], [metadata(state)]) };
  if (method === 'data_fetch') {
    const [cursor, before] = IDL.decode([IDL.Opt(IDL.Text), IDL.Opt(BLOB)], arg) as [
      [string?],
      [Uint8Array?],
    ];
    return { reply: IDL.encode([PAGE], [dataFetch(state, cursor[0] ?? '', before[0])]) };
  }
  const reject_message = `Canister has no query method '${method}'.`;
  return { reject_code: 3, reject_message, error_code: 'IC0536' };
}

function dataFetch(
  { bytes, page_bytes }: CanisterState,
  cursor: string,
  bytes_before: Uint8Array | undefined,
): { Ok: [string, Uint8Array] } | { Err: string } {
  const asked = Number(new URLSearchParams(cursor).get('position') ?? 0);
  const tip = DATA_START + bytes.length;
  const start = Math.max(DATA_START, asked);
  if (start > tip) return { Err: 'Provided position start is after the end of the chain' };
  const end = Math.min(start + page_bytes, tip);
  const read = (from: number, to: number) => bytes.slice(from - DATA_START, to - DATA_START);
  if (end > start && bytes_before !== undefined) {
    const before = read(start - BYTES_BEFORE, start);
    if (start - DATA_START < BYTES_BEFORE || Buffer.compare(before, bytes_before) !== 0) {
      return { Err: `${BYTES_BEFORE} bytes before position ${start} does not match` };
    }
  }
  const size = `position=${start}&response_bytes=${end - start}`;
  return { Ok: [`${size}&direction=forward&more=${String(end < tip)}`, read(start, end)] };
}

const metadata = ({ bytes }: CanisterState) => [
  ['ledger:data_start_lba', { Nat: BigInt(DATA_START) }],
  ['ledger:num_blocks', { Nat: 3n }],
  ['ledger:latest_block_hash', { Blob: new Uint8Array(32).fill(0xab) }],
  ['ledger:latest_block_timestamp_ns', { Nat: 1_700_000_000_123_456_789n }],
  ['ledger:next_block_start_pos', { Nat: BigInt(DATA_START + bytes.length) }],
  ['ledger:authorized_pusher', { Text: '' }],
];
