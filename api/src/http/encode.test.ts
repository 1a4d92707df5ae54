import { expect, test } from 'vitest';
import * as z from 'zod';
import { amountSchema } from '@berth/shared/fields';
import { writeReply } from './encode.ts';

const reply = z.object({
  items: z.array(z.object({ id: z.string().max(4), price_e9s: amountSchema })).min(1),
  names: z.array(z.string()),
  note: z.string().optional(),
  next_cursor: z.string().nullable(),
});
type Reply = z.output<typeof reply>;

const items = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `${n}’`, price_e9s: BigInt(n), secret: 'x' }));
const names = (count: number) => Array.from({ length: count }, (_, n) => `"name" ${n}`);
const sized = (one: number, other: number): Reply => ({
  items: items(one),
  names: names(other),
  note: undefined,
  next_cursor: null,
});

const write = async (output: unknown, schema: z.ZodType = reply) => {
  const left_out: unknown[] = [];
  const log = {
    error: ({ row, place }: object & { row?: unknown; place?: string }) => {
      left_out.push([row, place]);
    },
  };
  return { ...(await writeReply(schema, output, log)), left_out };
};

test('a reply with lists of any length is what its schema makes of it', async () => {
  for (const output of [sized(1, 0), sized(100, 101), sized(101, 1), sized(350, 999)]) {
    const { text, encoded } = await write(output);
    expect(text).toBe(JSON.stringify(z.encode(reply, output)));
    expect(encoded).toMatchObject({ next_cursor: null });
  }
});

test('an item that does not fit is left out wherever it stands, and told by its place', async () => {
  const output = sized(300, 3);
  for (const at of [5, 100, 250]) output.items[at] = { id: 'too long', price_e9s: BigInt(at) };
  const { text, left_out } = await write(output);
  const fitting = output.items.filter(({ id }) => id !== 'too long');
  expect(text).toBe(JSON.stringify(z.encode(reply, { ...output, items: fitting })));
  expect(left_out).toEqual([5, 100, 250].map((at) => [{ id: 'too long' }, `items.${at}`]));
});

test('what no list holds fails the reply, and so does a text in one', async () => {
  await expect(write({ ...sized(300, 0), next_cursor: 7 })).rejects.toThrow(z.core.$ZodError);
  await expect(write({ ...sized(1, 0), names: [...names(200), 7] })).rejects.toThrow(
    z.core.$ZodError,
  );
});
