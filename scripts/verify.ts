/** Verifies a contract's evidence, with no network and no database: HELP says the rest. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { counted } from '@berth/shared/count';
import { verifyEvidence } from '@berth/shared/contracts/evidence';
import { contractStates } from '@berth/shared/contracts/machine';
import { sentences } from '@berth/shared/contracts/sentences';
import { verifyEd25519Node } from '@berth/shared/signing/verify-node';
import { isoAt } from '@berth/shared/time';

const HELP = `npm run verify -- FILE [--head HASH] [--service-key KEY]

  FILE           evidence as it was downloaded from a contract's page
  --head         the hash of the last entry, where the end may have been left out
  --service-key  the service's key as you know it, 64 hex characters; without it what the
                 service signed shows only that one service signed all of it

It answers 0 where every sentence holds, 1 where one does not, and says which.
`;
const [BROKEN, WRONG_USE] = [1, 2];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The file's JSON; null, and a sentence, where there is none. */
function readJson(file: string): { json: unknown } | null {
  try {
    return { json: JSON.parse(readFileSync(file, 'utf8')) as unknown };
  } catch (error) {
    process.stderr.write(`${file} cannot be read as evidence: ${(error as Error).message}\n`);
    return null;
  }
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      head: { type: 'string' },
      'service-key': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [file] = positionals;
  if (values.help === true || file === undefined) {
    process.stdout.write(HELP);
    return values.help === true ? 0 : WRONG_USE;
  }
  const read = readJson(file);
  if (read === null) return WRONG_USE;
  const key = values['service-key'];
  const verdict = await verifyEvidence(read.json, verifyEd25519Node, {
    now: isoAt(Date.now()),
    ...(values.head === undefined ? {} : { head: values.head }),
    ...(key === undefined ? {} : { service_keys: [key] }),
  });
  if (!verdict.ok) {
    say(`It does not verify: it breaks at entry ${verdict.at}.`);
    say(`What should hold: ${sentences[verdict.broke]}`);
    say(`What was found: ${verdict.reason}`);
    return BROKEN;
  }
  const { state } = verdict.standing;
  say(`It verifies: ${counted(verdict.entries, 'entry', 'entries')}, every sentence kept.`);
  if (state !== null) say(`By them the contract is: ${contractStates[state].label}.`);
  if (key === undefined) {
    say(`What the service signed was compared with the file's own key, ${verdict.service_key}:`);
    say('give the one that you know by --service-key.');
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (!code.startsWith('ERR_PARSE_ARGS')) throw error;
  process.stderr.write(`${message.split('. ')[0]}. See npm run verify -- --help\n`);
  process.exitCode = WRONG_USE;
}
