import { mib, table, whole } from '../tables.ts';
import type { LedgerFigures } from './measure.ts';

/** The section of docs/benchmarks.md on the import of a ledger. */
export const ledgerOf = (ledger: LedgerFigures): string => `## Import from the ledger

A made-up ledger of ${whole(ledger.entries)} entries in ${mib(ledger.bytes)} MiB of blocks: mostly
transfers and reputation, ${whole(ledger.signed)} of them signed. Each row is a process of its own,
with the flags of \`npm run ledger\`; the import is \`npm run ledger -- import --file\` into an
empty SQLite file, from its start to its end, every block's hash and every signature checked.

${table(
  ['what', 'entries a second', 'aim', 'peak memory MiB', 'aim'],
  [
    ['decode', whole(ledger.decoded_per_second), '50,000', mib(ledger.decoding_rss_bytes), '200'],
    ['import', whole(ledger.imported_per_second), '10,000', mib(ledger.importing_rss_bytes), '200'],
  ],
)}`;
