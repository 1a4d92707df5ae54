/** `node decode.ts FILE`: reads a chain through the pages and codecs of an import, and no more. */
import {
  ICP_START,
  makeBlockReader,
  readPage,
  startCursor,
  type BlocksRead,
} from '@berth/shared/icp/blocks-node';
import { readEntry } from '@berth/shared/icp/entries';
import { makeFileIcp } from '../../../api/src/adapters/icp-file/index.ts';

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

const icp = makeFileIcp(process.argv[2] ?? '');
const reader = makeBlockReader(startCursor);
const started = performance.now();
let [entries, position, more] = [0, ICP_START, true];
while (more) {
  const page = await icp.fetch(position, null);
  for (const read of readPage(reader, page.bytes)) entries += countEntries(read);
  position = page.position + page.bytes.length;
  ({ more } = page);
}
const seconds = (performance.now() - started) / 1_000;
process.stdout.write(`${JSON.stringify({ entries, seconds })}\n`);
