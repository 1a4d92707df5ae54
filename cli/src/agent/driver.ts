/** The script driver: a program that makes, finds and removes machines, each by a contract's id. */
import { credentialsSchema } from '@berth/shared/contracts/credentials';
import { detailsPart } from '@berth/shared/contracts/schemas';
import { hex64 } from '@berth/shared/fields';
import { readSshPublicKey } from '@berth/shared/ssh-key';
import * as z from 'zod';
import type { DriverConfig } from './config.ts';
import { runProgram, type Mark } from './process.ts';

const SSH_PORT = 22;
const SECOND_MS = 1_000;
const MAX_MACHINES = 10_000;

/** What a machine is for; each field is a variable of the driver's environment. */
export interface Wanted {
  contract_id: string;
  offering_id: string;
  hours: number;
  operating_system: string | null;
  /** As the renter signed it. */
  ssh_public_key: string | null;
}

const { address, username, port, host_key_fingerprint, instructions } = detailsPart.shape;
const deliverySchema = z.strictObject({
  ...{ address, username },
  port: port.default(SSH_PORT),
  host_key_fingerprint: host_key_fingerprint.default(null),
  instructions: instructions.default(''),
  credentials: credentialsSchema
    .omit({ ssh_key: true })
    .partial()
    .default({})
    .transform(({ fields = [], note = '' }) => ({ fields, note })),
});
export type Delivery = z.output<typeof deliverySchema> & {
  credentials: z.output<typeof credentialsSchema>;
};

const statusSchema = z.strictObject({
  state: z.enum(['running', 'gone', 'unknown']),
  /** As `create` printed it, where the driver can say it again. */
  delivery: z.unknown().optional(),
});
const listSchema = z.strictObject({ contracts: z.array(hex64).max(MAX_MACHINES) });

export interface Status {
  state: 'running' | 'gone' | 'unknown';
  delivery: Delivery | null;
}

/** Told before it does anything, so that it can be found again. */
type Began = (mark: Mark) => void;

export interface Driver {
  readonly attempts: number;
  create(wanted: Wanted, began: Began): Promise<{ delivery: Delivery; took_ms: number }>;
  status(wanted: Wanted): Promise<Status>;
  destroy(wanted: Pick<Wanted, 'contract_id' | 'offering_id'>, began: Began): Promise<void>;
  /** The contracts that have a machine. */
  list(): Promise<string[]>;
}

type Action = 'create' | 'status' | 'destroy' | 'list';

/** `seen` is what it sees of the agent's own environment. */
export function scriptDriver(
  { command, env, attempts, ...limits }: DriverConfig,
  seen: Readonly<Record<string, string>>,
): Driver {
  async function run(action: Action, wanted: Partial<Wanted>, began: Began = () => undefined) {
    const limit_s = action === 'create' ? limits.create_seconds : limits.seconds;
    const { out, took_ms } = await runProgram({
      command: [...command, action],
      env: { ...seen, ...env, ...variables(action, wanted) },
      limit_ms: limit_s * SECOND_MS,
      began,
    });
    return { said: readJson(action, out), took_ms };
  }

  return {
    attempts,
    async create(wanted, began) {
      const { said, took_ms } = await run('create', wanted, began);
      return { delivery: readDelivery(said, wanted), took_ms };
    },
    async status(wanted) {
      const { said } = await run('status', wanted);
      const { state, delivery } = read('status', statusSchema, said);
      return { state, delivery: delivery === undefined ? null : readDelivery(delivery, wanted) };
    },
    async destroy(wanted, began) {
      await run('destroy', wanted, began);
    },
    list: async () => read('list', listSchema, (await run('list', {})).said).contracts,
  };
}

const variables = (action: Action, wanted: Partial<Wanted>): Record<string, string> => ({
  BERTH_ACTION: action,
  BERTH_CONTRACT: wanted.contract_id ?? '',
  BERTH_OFFERING: wanted.offering_id ?? '',
  BERTH_HOURS: String(wanted.hours ?? ''),
  BERTH_OPERATING_SYSTEM: wanted.operating_system ?? '',
  BERTH_SSH_KEY: wanted.ssh_public_key ?? '',
});

/** What it printed may be secret, so no refusal quotes it. */
function readJson(action: Action, out: string): unknown {
  if (action === 'destroy' && out.trim() === '') return {};
  try {
    return JSON.parse(out);
  } catch {
    throw new Error(`The driver printed no JSON for ${action}.`);
  }
}

function read<T>(action: Action, schema: z.ZodType<T>, said: unknown): T {
  const result = schema.safeParse(said);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') || 'all of it';
  const why = issue?.code === 'unrecognized_keys' ? 'has a field that is none' : issue?.message;
  throw new Error(`The driver printed what is not understood for ${action}: ${field}: ${why}.`);
}

function readDelivery(said: unknown, { ssh_public_key }: Wanted): Delivery {
  const { credentials, ...details } = read('create', deliverySchema, said);
  const key = ssh_public_key === null ? null : readSshPublicKey(ssh_public_key);
  const ssh = key?.ok ? { ssh_key: key.key.fingerprint } : {};
  if (credentials.fields.length === 0 && credentials.note === '' && !key?.ok) {
    throw new Error('The driver names no way in: no credentials, and the renter gave no SSH key.');
  }
  return { ...details, credentials: { ...credentials, ...ssh } };
}
