import { readFileSync } from 'node:fs';
import { startMiniIc } from './server.ts';

/** `node api/test/mini-ic/main.ts FILE PORT` serves a file of blocks as the chain's canister. */
const [file, port] = process.argv.slice(2);
if (file === undefined || port === undefined) {
  process.stderr.write('node api/test/mini-ic/main.ts FILE PORT\n');
  process.exit(1);
}
const mini = await startMiniIc({ bytes: readFileSync(file), port: Number(port) });
process.stdout.write(`ICP_CANISTER=${mini.canister} ICP_HOST=${mini.origin}\n`);
