/** One contract from its request to its machine's end, step by step; each can be the last. */
import { isProblem, type Berth, type Proposal } from '@berth/sdk';
import { isEnded } from '@berth/shared/contracts/machine';
import type { ContractView } from '@berth/shared/contracts/schemas';
import { provenBeginner, provenKey } from '../place.ts';
import type { Driver, Wanted } from './driver.ts';
import type { Journal, Note } from './journal.ts';
import { takeLock, type Lock } from './lock.ts';
import { endProcess, type Mark } from './process.ts';

export interface Tools {
  berth: Berth;
  /** Of this device: what it began itself is signed by it. */
  device_key: string;
  journal: Journal;
  /** Null where the file of rules has it no more. */
  driver(name: string): Driver | null;
  /** Holds back where too many are created at once. */
  createSlot<T>(create: () => Promise<T>): Promise<T>;
  log(contract_id: string | null, sentence: string): void;
}

/** More than any contract takes in one go. */
const MAX_STEPS = 40;
const SECOND_MS = 1_000;
const GIVEN_UP = 'The machine could not be set up.';

interface At {
  tools: Tools;
  lock: Lock;
  view: ContractView;
  note: Note;
  driver: Driver;
}

/** Whether there is more to do at once. */
type Step = (at: At) => Promise<boolean>;

/** Goes as far as it can; false where another agent is at it. */
export async function work(tools: Tools, contract_id: string): Promise<boolean> {
  const lock = await takeLock(tools.journal.folder, contract_id);
  if (lock === null) return false;
  try {
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const note = tools.journal.read(contract_id);
      if (note === null) return true;
      const driver = tools.driver(note.driver);
      if (driver === null) throw new Error(`There is no driver "${note.driver}" any more.`);
      const view = await tools.berth.contracts.get({ params: { contract_id } });
      lock.check();
      const step = isEnded(view.state) ? end : stepsOf[note.phase];
      if (!(await step({ tools, lock, view, note, driver }))) return true;
    }
    throw new Error('It goes round and round; it is left for the next time.');
  } finally {
    lock.release();
  }
}

const stepsOf: Record<Note['phase'], Step> = {
  claimed: begin,
  creating: create,
  created: post,
  posted: async () => false,
  failing: fail,
  ending: end,
};

/** Writes down what is about to be done; nothing is done where that cannot be written. */
function note(at: At, changes: Partial<Note>): void {
  at.lock.check();
  at.note = { ...at.note, ...changes };
  at.tools.journal.write(at.note);
}

const hasMove = ({ moves }: ContractView, action: string) =>
  moves.some((move) => move.action === action);

/** Signs and sends; false where the contract had moved meanwhile, which the next step looks at. */
async function send({ lock }: At, proposal: Promise<Proposal<unknown>>): Promise<boolean> {
  try {
    const { send: sign } = await proposal;
    lock.check();
    await sign();
    return true;
  } catch (error) {
    if (isProblem(error, 'contract.moved') || isProblem(error, 'contract.no_such_move')) {
      return false;
    }
    throw error;
  }
}

/** From a request to the claim that everybody can see: the signed beginning. */
async function begin(at: At): Promise<boolean> {
  const { tools, view } = at;
  const { contract_id } = view;
  if (hasMove(view, 'accept')) {
    if (await send(at, tools.berth.rentals.accept(contract_id))) {
      tools.log(contract_id, `Accepted: ${view.title}, ${view.hours} h.`);
    }
    return true;
  }
  if (hasMove(view, 'start_provisioning')) {
    await send(at, tools.berth.rentals.begin(contract_id));
    return true;
  }
  if (hasMove(view, 'mark_provisioned')) {
    if (await isOurs(tools, contract_id)) {
      note(at, { phase: 'creating' });
      return true;
    }
  }
  tools.log(contract_id, 'Somebody else sets it up.');
  tools.journal.remove(contract_id);
  return false;
}

const logOf = ({ berth }: Tools, contract_id: string) =>
  berth.contracts.evidence({ params: { contract_id } });

/** Whether this device began it; what others began is theirs to end. */
export async function isOurs(tools: Tools, contract_id: string): Promise<boolean> {
  const evidence = await logOf(tools, contract_id);
  return (await provenBeginner(evidence, contract_id)) === tools.device_key;
}

async function wantedOf({ tools, view }: At): Promise<Wanted> {
  const { contract_id, offering_id, hours, operating_system } = view;
  const ssh_public_key = await provenKey(await logOf(tools, contract_id), contract_id);
  return { contract_id, offering_id, hours, operating_system, ssh_public_key };
}

/** Only the first program that is written down runs, and one from before is ended first. */
async function settle(at: At): Promise<void> {
  if (at.note.run === null) return;
  await endProcess(at.note.run);
  note(at, { run: null });
}

const began = (at: At) => (run: Mark) => note(at, { run });

/** One machine: what is there is taken as it is, or removed before another is made. */
async function create(at: At): Promise<boolean> {
  const { tools, view, driver } = at;
  const { contract_id } = view;
  await settle(at);
  if (!hasMove(view, 'mark_provisioned')) {
    tools.log(contract_id, 'Somebody else has posted its credentials.');
    note(at, { phase: 'posted' });
    return true;
  }
  const wanted = await wantedOf(at);
  if (at.note.attempts > 0 && (await found(at, wanted))) return true;
  if (at.note.attempts >= driver.attempts) {
    note(at, { phase: 'failing' });
    return true;
  }
  await tools.createSlot(async () => {
    const attempts = at.note.attempts + 1;
    note(at, { attempts });
    tools.log(contract_id, `Creates a machine, attempt ${attempts}.`);
    try {
      const { delivery, took_ms } = await driver.create(wanted, began(at));
      note(at, { phase: 'created', run: null, delivery });
      tools.log(contract_id, `Created; the driver took ${inSeconds(took_ms)}.`);
    } catch (error) {
      tools.log(contract_id, sentenceOf(error));
      // Where even this cannot be written, nothing goes on: the next start finds what there is.
      note(at, { run: null });
    }
  });
  return true;
}

/** Adopts what an earlier attempt left, where it can be delivered; else sees it gone. */
async function found(at: At, wanted: Wanted): Promise<boolean> {
  const { tools, driver } = at;
  const { state, delivery } = await driver.status(wanted);
  if (state === 'unknown') throw new Error('The driver does not know whether it exists: it waits.');
  if (state === 'running' && delivery !== null) {
    tools.log(wanted.contract_id, 'Found its machine, and takes it.');
    note(at, { phase: 'created', delivery });
    return true;
  }
  if (state === 'running') await remove(at, wanted);
  return false;
}

async function post(at: At): Promise<boolean> {
  const { tools, view } = at;
  const { contract_id } = view;
  const { delivery } = at.note;
  if (hasMove(view, 'mark_provisioned') && delivery !== null) {
    if (!(await send(at, tools.berth.rentals.provision(contract_id, delivery)))) return true;
    tools.log(contract_id, 'Ready: its credentials are posted, sealed for the renter.');
  }
  // Also where an earlier run had posted them and could not write it down.
  note(at, { phase: 'posted', delivery: null });
  return false;
}

async function fail(at: At): Promise<boolean> {
  const { tools, view } = at;
  const { contract_id } = view;
  if (!hasMove(view, 'fail')) {
    note(at, { phase: 'posted' });
    return true;
  }
  const wanted = wantedAtEnd(view);
  await settle(at);
  const { state } = await at.driver.status(wanted);
  if (state !== 'gone') await remove(at, wanted);
  if (await send(at, tools.berth.rentals.fail(contract_id, GIVEN_UP))) {
    tools.log(contract_id, 'Given up; the renter is paid back.');
  }
  return true;
}

/** The contract has ended, so the machine goes; it is done when the driver has seen it gone. */
async function end(at: At): Promise<boolean> {
  const { tools, view } = at;
  const { contract_id } = view;
  if (at.note.phase !== 'claimed') {
    await settle(at);
    note(at, { phase: 'ending', delivery: null });
    await remove(at, wantedAtEnd(view));
    tools.log(contract_id, 'Ended: its machine is seen gone.');
  }
  tools.journal.remove(contract_id);
  return false;
}

const wantedAtEnd = ({ contract_id, offering_id, hours, operating_system }: ContractView) => ({
  ...{ contract_id, offering_id, hours, operating_system },
  ssh_public_key: null,
});

/** Throws unless it is gone as the driver sees it, whatever the removal said. */
async function remove(at: At, wanted: Wanted): Promise<void> {
  at.lock.check();
  await at.driver.destroy(wanted, began(at));
  note(at, { run: null });
  const { state } = await at.driver.status(wanted);
  if (state !== 'gone') throw new Error('Its machine is still there; it is removed again later.');
}

const inSeconds = (ms: number): string => `${(ms / SECOND_MS).toFixed(2)} s`;
export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
