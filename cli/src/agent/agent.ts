/** Looks for what is to be done, and has it done: each contract alone, none waiting for another. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Berth } from '@berth/sdk';
import { contractStateNames, isEnded, type ContractState } from '@berth/shared/contracts/machine';
import { exitOf } from '../exits.ts';
import { ruleFor, type AgentConfig, type Rule } from './config.ts';
import { scriptDriver } from './driver.ts';
import { openJournal, type Note } from './journal.ts';
import { takeLock } from './lock.ts';
import { isOurs, sentenceOf, work, type Tools } from './work.ts';

export interface AgentOptions {
  berth: Berth;
  device_key: string;
  config: AgentConfig;
  /** Where the journal is: beside the device's key, as it is of that device. */
  folder: string;
  /** What drivers see of the agent's own environment. */
  env: Readonly<Record<string, string>>;
  log: Tools['log'];
}

interface Candidate {
  contract_id: string;
  offering_id: string;
  state: ContractState;
  hours: number;
}

const SECOND_MS = 1_000;
/** The lost are looked for at each start, and so often after that. */
const SWEEP_MS = 3_600_000;
const livingStates = contractStateNames.filter((state) => !isEnded(state));

export interface Agent {
  /** One look at everything, and all that follows from it. */
  once(): Promise<void>;
  /** Until it is stopped; throws where it may not do this any more. */
  forever(): Promise<never>;
}

/** What one agent works with, and what it works on. */
interface Bench {
  tools: Tools;
  config: AgentConfig;
  running: Map<string, Promise<unknown>>;
}

export function makeAgent(options: AgentOptions): Agent {
  const { berth, device_key, config, folder, env, log } = options;
  const drivers = new Map(
    Object.entries(config.drivers).map(([name, driver]) => [name, scriptDriver(driver, env)]),
  );
  const tools: Tools = {
    ...{ berth, device_key, log },
    journal: openJournal(join(folder, 'agent')),
    driver: (name) => drivers.get(name) ?? null,
    createSlot: makeSlots(config.parallel),
  };
  const bench: Bench = { tools, config, running: new Map() };
  return {
    async once() {
      await sweep(bench);
      await look(bench);
      while (bench.running.size > 0) await Promise.all(bench.running.values());
    },
    forever: () => goOn(bench),
  };
}

async function goOn(bench: Bench): Promise<never> {
  const { tools, config } = bench;
  const heard = hear(bench);
  heard.catch(() => undefined);
  let swept_ms = -Infinity;
  for (;;) {
    try {
      if (performance.now() - swept_ms > SWEEP_MS) {
        await sweep(bench);
        swept_ms = performance.now();
      }
      await look(bench);
    } catch (error) {
      if (exitOf(error) === 'signed_out') throw error;
      tools.log(null, sentenceOf(error));
    }
    await Promise.race([heard, pause(config.poll_seconds * SECOND_MS)]);
  }
}

/** Works on it apart from all others; what fails is told, and tried again at the next look. */
function start({ tools, running }: Bench, contract_id: string): void {
  if (running.has(contract_id)) return;
  const ended = work(tools, contract_id)
    .catch((error: unknown) => tools.log(contract_id, sentenceOf(error)))
    .finally(() => running.delete(contract_id));
  running.set(contract_id, ended);
}

async function consider(bench: Bench, one: Candidate): Promise<void> {
  const { tools, config } = bench;
  const { contract_id, offering_id } = one;
  const rule = ruleFor(config, offering_id);
  const isTaken = tools.journal.has(contract_id);
  if (isTaken || (rule !== undefined && (await claim(tools, rule, one)))) {
    start(bench, contract_id);
  }
}

async function look(bench: Bench): Promise<void> {
  const { berth, journal } = bench.tools;
  const alive = new Set<string>();
  const query = { role: 'provider' as const, state: livingStates };
  for await (const one of berth.contracts.list.each({ query })) {
    alive.add(one.contract_id);
    // What has been delivered only waits for its end.
    if (!isDelivered(one.state)) await consider(bench, one);
  }
  for (const { phase, contract_id } of journal.notes()) {
    if (phase !== 'posted' || !alive.has(contract_id)) start(bench, contract_id);
  }
}

/** What the stream names is looked at alone, so that much news costs little. */
async function hear(bench: Bench): Promise<never> {
  const { berth, log } = bench.tools;
  for await (const { topic, subject_id: contract_id } of berth.events()) {
    if (topic !== 'contract') continue;
    try {
      const view = await berth.contracts.get({ params: { contract_id } });
      if (view.role === 'provider') await consider(bench, view);
    } catch (error) {
      if (exitOf(error) !== 'not_found') log(contract_id, sentenceOf(error));
    }
  }
  throw new Error('The stream of events has ended.');
}

const isDelivered = (state: ContractState) => state === 'provisioned' || state === 'active';

/** At most so many at once; the others wait in their order. */
function makeSlots(count: number): Tools['createSlot'] {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (create) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await create();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

const noteOf = (one: Candidate, rule: string, driver: string): Note => ({
  ...{ contract_id: one.contract_id, offering_id: one.offering_id, rule, driver },
  ...{ phase: 'claimed', attempts: 0, run: null, delivery: null },
});

/**
 * Takes it by a rule, where that has a unit left: written down before anything is signed. A unit is
 * taken until its machine is seen gone; agents that share the folder count one after another.
 */
async function claim({ journal, log }: Tools, rule: Rule, one: Candidate): Promise<boolean> {
  const { contract_id, state, hours } = one;
  const { name, accept, max_hours = Infinity, units = Infinity } = rule;
  const mayAccept = state === 'pending' && accept && hours <= max_hours;
  if (!mayAccept && state !== 'accepted') return false;
  const lock = await takeLock(journal.folder, `rule-${name}`);
  if (lock === null) return false;
  try {
    if (journal.has(contract_id)) return true;
    if (journal.notes().filter((note) => note.rule === name).length >= units) {
      log(contract_id, `No unit of "${name}" is free.`);
      return false;
    }
    journal.write(noteOf(one, name, rule.driver));
    log(contract_id, `Taken by the rule "${name}".`);
    return true;
  } finally {
    lock.release();
  }
}

/**
 * Machines that drivers have and the journal has not, as after the loss of a disk. What runs is
 * adopted, what has ended goes; a machine whose contract is not seen is nobody's orphan.
 */
async function sweep({ tools, config }: Bench): Promise<void> {
  for (const name of Object.keys(config.drivers)) {
    try {
      for (const contract_id of (await tools.driver(name)?.list()) ?? []) {
        if (!tools.journal.has(contract_id)) {
          await adopt(tools, config, name, contract_id);
        }
      }
    } catch (error) {
      if (exitOf(error) === 'signed_out') throw error;
      tools.log(null, `Driver "${name}": ${sentenceOf(error)}`);
    }
  }
}

async function adopt(tools: Tools, config: AgentConfig, driver: string, contract_id: string) {
  const { berth, journal, log } = tools;
  try {
    const view = await berth.contracts.get({ params: { contract_id } });
    if (view.role !== 'provider' || !(await isOurs(tools, contract_id))) return;
    const rule = ruleFor(config, view.offering_id)?.name ?? '';
    const phase = isEnded(view.state) ? 'ending' : isDelivered(view.state) ? 'posted' : 'creating';
    // Counted as tried once: what is there is looked at before anything is made.
    journal.write({ ...noteOf(view, rule, driver), phase, attempts: 1 });
    log(contract_id, 'Found a machine that the journal does not have, and adopts it.');
  } catch (error) {
    if (exitOf(error) === 'signed_out') throw error;
    log(contract_id, `Leaves a machine alone: ${sentenceOf(error)}`);
  }
}
