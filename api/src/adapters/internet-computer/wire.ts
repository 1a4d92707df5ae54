import { counted } from '@berth/shared/count';
import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import * as z from 'zod';
import { ICP_PAGE_BYTES, icpProblem } from '../../ports/icp.ts';
import type { IcpMetadata, IcpPage } from '../../ports/icp.ts';

type MetadataValue = { Nat: bigint } | { Int: bigint } | { Text: string } | { Blob: Uint8Array };

/** The two queries of the canister, as the agent's actor answers them. */
export interface IcpCanister {
  data_fetch: ActorMethod<
    [cursor: [string], bytes_before: [] | [Uint8Array]],
    { Ok: [cursor: string, bytes: Uint8Array] } | { Err: string }
  >;
  metadata: ActorMethod<[], [key: string, value: MetadataValue][]>;
}

export const icpInterface: IDL.InterfaceFactory = ({ IDL: { Service, ...idl } }) => {
  const blob = idl.Vec(idl.Nat8);
  const page = idl.Variant({ Ok: idl.Tuple(idl.Text, blob), Err: idl.Text });
  const value = idl.Variant({ Nat: idl.Nat, Int: idl.Int, Text: idl.Text, Blob: blob });
  return Service({
    data_fetch: idl.Func([idl.Opt(idl.Text), idl.Opt(blob)], [page], ['query']),
    metadata: idl.Func([], [idl.Vec(idl.Tuple(idl.Text, value))], ['query']),
  });
};

export const cursorAt = (position: number): string => `position=${position}`;

const count = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .refine(Number.isSafeInteger);
const cursorSchema = z.object({
  position: count,
  response_bytes: count,
  direction: z.literal('forward'),
  more: z.enum(['true', 'false']).transform((text) => text === 'true'),
});

/** Throws `refused` where cursor and bytes do not agree with each other or with what was asked. */
export function readPage(asked: number, cursor: string, bytes: Uint8Array): IcpPage {
  const read = cursorSchema.safeParse(Object.fromEntries(new URLSearchParams(cursor)));
  if (
    !read.success ||
    read.data.response_bytes !== bytes.length ||
    bytes.length > ICP_PAGE_BYTES ||
    read.data.position < asked ||
    (read.data.more && bytes.length === 0)
  ) {
    const sentence = `The page at ${asked} of ${counted(bytes.length, 'byte')} does not fit its cursor`;
    throw icpProblem('refused', `${sentence} ${JSON.stringify(cursor.slice(0, 200))}.`);
  }
  return { position: read.data.position, bytes, more: read.data.more };
}

export function readMetadata(rows: readonly [string, MetadataValue][]): IcpMetadata {
  const values = new Map(rows);
  const natAt = (key: string): bigint | null => {
    const value = values.get(key);
    return value !== undefined && 'Nat' in value ? value.Nat : null;
  };
  const numberAt = (key: string): number | null => {
    const number = Number(natAt(key) ?? NaN);
    return Number.isSafeInteger(number) ? number : null;
  };
  const hash = values.get('ledger:latest_block_hash');
  const bytes = hash !== undefined && 'Blob' in hash ? hash.Blob : new Uint8Array();
  return {
    data_start: numberAt('ledger:data_start_lba'),
    num_blocks: numberAt('ledger:num_blocks'),
    latest_block_hash: bytes.length === 0 ? null : Buffer.from(bytes).toString('hex'),
    latest_timestamp_ns: natAt('ledger:latest_block_timestamp_ns'),
    next_block_start: numberAt('ledger:next_block_start_pos'),
  };
}
