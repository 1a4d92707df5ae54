/** `node decode.ts FILE`: reads a ledger through the pages and codecs of an import, and no more. */
import {
  LEDGER_START,
  makeBlockReader,
  readPage,
  startCursor,
  type BlocksRead,
} from '@berth/shared/ledger/blocks-node';
import { readEntry } from '@berth/shared/ledger/entries';
import { makeFileLedger } from '../../../api/src/adapters/ledger-file/index.ts';

function countEntries({ blocks, fault }: BlocksRead): number {
  if (fault) throw new Error(`${fault.offset}: ${fault.reason}`);
  let count = 0;
  for (const block of blocks) {
    for (const entry of block.entries) {
      const read = readEntry(entry);
      if (!read.ok) throw new Error(read.fault.reason);
      count += 1;
    }
  }
  return count;
}

const ledger = makeFileLedger(process.argv[2] ?? '');
const reader = makeBlockReader(startCursor);
const started = performance.now();
let [entries, position, more] = [0, LEDGER_START, true];
while (more) {
  const page = await ledger.fetch(position, null);
  for (const read of readPage(reader, page.bytes)) entries += countEntries(read);
  position = page.position + page.bytes.length;
  ({ more } = page);
}
const seconds = (performance.now() - started) / 1_000;
process.stdout.write(`${JSON.stringify({ entries, seconds })}\n`);
