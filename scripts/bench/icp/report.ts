import { mib, table, whole } from '../tables.ts';
import type { IcpFigures } from './measure.ts';

/** The section of docs/benchmarks.md on the import of a chain. */
export const icpOf = (icp: IcpFigures): string => `## Import from the Internet Computer

A made-up chain of ${whole(icp.entries)} entries in ${mib(icp.bytes)} MiB of blocks: mostly
transfers and reputation, ${whole(icp.signed)} of them signed. Each row is a process of its own,
with the flags of \`npm run icp\`; the import is \`npm run icp -- import --file\` into an
empty SQLite file, from its start to its end, every block's hash and every signature checked.

${table(
  ['what', 'entries a second', 'aim', 'peak memory MiB', 'aim'],
  [
    ['decode', whole(icp.decoded_per_second), '50,000', mib(icp.decoding_rss_bytes), '200'],
    ['import', whole(icp.imported_per_second), '10,000', mib(icp.importing_rss_bytes), '200'],
  ],
)}`;
