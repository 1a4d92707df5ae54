/** What the agent does, as a JSON file says it. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { stop } from '../exits.ts';

const MAX_RULES = 1_000;
const MAX_WORDS = 32;
const MAX_ATTEMPTS = 10;
const DAY_S = 86_400;
const HOUR_S = 3_600;
const MAX_PARALLEL = 64;
const MAX_UNITS = 100_000;

const seconds = (most: number, usual: number) => z.number().int().min(1).max(most).default(usual);
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'small letters, digits, - and _');

const ruleSchema = z.strictObject({
  name,
  /** Ids of offerings; all of this provider's where it is left out. */
  offerings: z.array(z.string()).min(1).optional(),
  driver: name,
  /** Signs an acceptance of what fits; else a person accepts and the agent goes on from there. */
  accept: z.boolean(),
  /** Accepts no longer rental than this. */
  max_hours: z.number().int().min(1).optional(),
  /** Machines at once; one counts until it is seen gone. */
  units: z.number().int().min(1).max(MAX_UNITS).optional(),
});
export type Rule = z.output<typeof ruleSchema>;

const driverSchema = z.strictObject({
  /** A program by its whole path, and words before the action. */
  command: z.array(z.string().min(1)).min(1).max(MAX_WORDS),
  /** Beside what the agent sets; of the agent's own environment it sees PATH, HOME and LANG. */
  env: z.record(z.string().regex(/^(?!BERTH_)[A-Za-z_]\w*$/), z.string()).default({}),
  create_seconds: seconds(DAY_S, HOUR_S / 2),
  /** For everything else. */
  seconds: seconds(HOUR_S, 120),
  /** How often it tries to create a machine before the contract is given up. */
  attempts: z.number().int().min(1).max(MAX_ATTEMPTS).default(3),
});
export type DriverConfig = z.output<typeof driverSchema>;

const configSchema = z.strictObject({
  rules: z.array(ruleSchema).min(1).max(MAX_RULES),
  drivers: z.record(name, driverSchema),
  /** Beside being told, it looks by itself so often. */
  poll_seconds: seconds(HOUR_S, 30),
  /** Machines that are created at once. */
  parallel: z.number().int().min(1).max(MAX_PARALLEL).default(4),
});
export type AgentConfig = z.output<typeof configSchema>;

/** Reads it whole, and refuses it in a sentence: a wrong rule must not run for a minute. */
export function readAgentConfig(file: string): AgentConfig {
  const read = configSchema.safeParse(parse(file));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw stop('wrong_use', `${file}, ${issue?.path.join('.') || 'all of it'}: ${issue?.message}`);
  }
  const { rules, drivers } = read.data;
  const names = new Set<string>();
  for (const rule of rules) {
    if (drivers[rule.driver] === undefined) {
      throw stop('wrong_use', `${file}: there is no driver "${rule.driver}", which a rule names.`);
    }
    if (names.has(rule.name)) throw stop('wrong_use', `${file}: two rules are "${rule.name}".`);
    names.add(rule.name);
  }
  for (const [driver, { command }] of Object.entries(drivers)) {
    const [program = ''] = command;
    if (!isAbsolute(program) || !mayRun(program)) {
      const why = 'is no program by its whole path that this user may run.';
      throw stop('wrong_use', `${file}, driver "${driver}": ${program} ${why}`);
    }
  }
  return read.data;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw stop('wrong_use', `${file} cannot be read as JSON: ${(error as Error).message}`);
  }
}

function mayRun(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The rule by which a request for an offering is taken: the first that names it. */
export const ruleFor = ({ rules }: AgentConfig, offering_id: string): Rule | undefined =>
  rules.find(({ offerings }) => offerings?.includes(offering_id) ?? true);
