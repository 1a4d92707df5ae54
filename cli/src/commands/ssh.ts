import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Context } from '../command.ts';
import { stop } from '../exits.ts';
import { pinnedKey, provenPlace, sshWords, type Place } from '../place.ts';

const SCAN_SECONDS = 10;

/** Runs a program of this machine without a shell; answers what it printed where that is kept. */
async function runProgram(name: string, words: string[], is_kept: boolean) {
  const out = is_kept ? 'pipe' : 'inherit';
  const child = spawn(name, words, { stdio: ['inherit', out, is_kept ? 'ignore' : 'inherit'] });
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  const [code] = (await once(child, 'close').catch(() => {
    throw stop('wrong_use', `There is no ${name} on this machine.`);
  })) as [number | null];
  return { code, text };
}

/** The file of the private key that belongs to a public one, else one that names it to an agent. */
function identityOf({ ssh_public_key }: Place, folder: string): string | null {
  if (ssh_public_key === null) return null;
  const [type, key] = ssh_public_key.split(' ');
  const own = join(homedir(), '.ssh');
  try {
    for (const file of readdirSync(own).filter((name) => name.endsWith('.pub'))) {
      const [own_type, own_key] = readFileSync(join(own, file), 'utf8').trim().split(/\s+/);
      if (own_type === type && own_key === key) return join(own, file.slice(0, -'.pub'.length));
    }
  } catch {
    // Without such a folder the agent may have it.
  }
  const named = join(folder, 'key.pub');
  writeFileSync(named, `${type} ${key}\n`);
  return named;
}

/** A known_hosts with the one key that the provider signed for; null where it named none. */
async function pin({ terminal }: Context, place: Place, alias: string, folder: string) {
  const { host_key_fingerprint, address, port } = place;
  if (host_key_fingerprint === null) {
    terminal.note('The provider signed for no host key; ssh asks you about the one it finds.');
    return null;
  }
  const scan = ['-T', String(SCAN_SECONDS), '-p', String(port), '--', address];
  const { text } = await runProgram('ssh-keyscan', scan, true);
  const key = pinnedKey(text, host_key_fingerprint);
  if (key === null) {
    const why = `No host key at ${address} is ${host_key_fingerprint}, which the provider signed.`;
    throw stop('broken', `${why} It is another machine, or it does not answer.`);
  }
  const file = join(folder, 'known_hosts');
  writeFileSync(file, `${alias} ${key}\n`);
  return file;
}

export const sshCommands: readonly Command[] = [
  {
    name: 'ssh',
    takes: ['CONTRACT'],
    about: 'Sign in to the machine of a contract, checked to be the one its provider signed for',
    options: {
      identity: {
        type: 'string',
        value: 'FILE',
        about: 'the private key; else the contract’s own',
      },
    },
    examples: ['berth ssh 3f…', 'berth ssh 3f… --identity ~/.ssh/id_ed25519'],
    async run(context, given) {
      const [contract_id = ''] = given.words;
      const evidence = await context.berth.contracts.evidence({ params: { contract_id } });
      const place = await provenPlace(evidence, contract_id);
      const folder = mkdtempSync(join(tmpdir(), 'berth-ssh-'));
      try {
        const alias = `berth-${contract_id}`;
        const known_hosts = await pin(context, place, alias, folder);
        const identity = given.text('identity') ?? identityOf(place, folder);
        const words = sshWords(place, { known_hosts, alias, identity });
        const { code } = await runProgram('ssh', words, false);
        if (code !== 0) throw stop('ended', `ssh ended with ${code ?? 'a signal'}.`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  },
];
