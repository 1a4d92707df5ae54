/** Runs a program that may hang, flood or outlive us. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that is told apart from a later one with the same number. */
export interface Mark {
  pid: number;
  started: string;
}

export interface Program {
  command: readonly string[];
  env: Record<string, string>;
  limit_ms: number;
  /** Before it does anything; if this throws, it never does. */
  began(mark: Mark): void;
}

export interface Ended {
  out: string;
  /** The last of what it wrote to its errors, for a log. */
  told: string;
  took_ms: number;
}

const MAX_OUT_BYTES = 65_536;
const MAX_TOLD_CHARS = 300;
/** What it printed is read for so long after its end, if another still holds the pipe. */
const LAST_WORDS_MS = 1_000;
const DYING_MS = 10_000;
const LOOK_MS = 20;

/**
 * It waits for a word before it becomes the program, and ends without one: whoever wrote its mark
 * down can be killed at any moment, and no program runs that is not written down.
 */
const GATE = 'read -r go || exit 125; exec "$@" </dev/null';

const groups = new Set<number>();
process.once('exit', () => groups.forEach(killGroup));

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** When it began, of which boot; null where it has ended. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' ? null : `${boot} ${fields[19]}`;
  } catch {
    return process.platform === 'linux' ? null : askPs(pid);
  }
}

function askPs(pid: number): string | null {
  try {
    return String(execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)])).trim();
  } catch {
    return null;
  }
}

export const markOf = (pid: number): Mark => ({ pid, started: startOf(pid) ?? '' });
export const isAlive = ({ pid, started }: Mark): boolean => startOf(pid) === started;

/** Ends what outlived the agent that started it. Throws where it does not end. */
export async function endProcess(mark: Mark): Promise<void> {
  for (const until_ms = Date.now() + DYING_MS; isAlive(mark); await pause(LOOK_MS)) {
    killGroup(mark.pid);
    if (Date.now() > until_ms) throw new Error(`Process ${mark.pid} of a driver does not end.`);
  }
}

/** Throws in a sentence where it fails, prints too much or takes too long; then it is ended. */
export async function runProgram({ command, env, limit_ms, began }: Program): Promise<Ended> {
  const from_ms = performance.now();
  const child = spawn('/bin/sh', ['-c', GATE, 'berth-driver', ...command], {
    ...{ env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The driver could not be started.');
  groups.add(pid);
  const exited = once(child, 'exit');
  try {
    const ending = watch(child, limit_ms);
    ending.catch(() => undefined);
    began(markOf(pid));
    child.stdin.on('error', () => undefined);
    child.stdin.end('go\n');
    return { ...(await ending), took_ms: performance.now() - from_ms };
  } catch (error) {
    killGroup(pid);
    await exited;
    throw error;
  } finally {
    groups.delete(pid);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  }
}

function watch(child: ChildProcess, limit_ms: number): Promise<{ out: string; told: string }> {
  const out: Buffer[] = [];
  let [bytes, told] = [0, ''];
  return new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new Error(`The driver ${why}`));
    const timer = setTimeout(() => refuse(`did not end in ${limit_ms / 1_000} s.`), limit_ms);
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUT_BYTES) refuse(`printed more than ${MAX_OUT_BYTES} bytes.`);
      else out.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      told = (told + chunk.toString('utf8')).slice(-MAX_TOLD_CHARS);
    });
    child.once('error', () => refuse('could not be started.'));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      const end = () => {
        clearTimeout(patience);
        if (code === 0) return resolve({ out: Buffer.concat(out).toString('utf8'), told });
        const said = told.trim() === '' ? '' : ` It says: ${told.trim()}`;
        refuse(`ended with ${signal ?? String(code)}.${said}`);
      };
      const patience = setTimeout(end, LAST_WORDS_MS);
      child.once('close', end);
    });
  });
}
