import { isIcpProblem, ICP_BYTES_BEFORE, icpProblem } from '../../ports/icp.ts';
import type { IcpPage, IcpPort } from '../../ports/icp.ts';
import { isLocalHost, makeTransport, TRANSPORT_LIMITS } from './transport.ts';
import type { Transport, TransportLimits } from './transport.ts';
import { cursorAt, icpInterface, readMetadata, readPage } from './wire.ts';
import type { IcpCanister } from './wire.ts';

export interface CanisterIcpOptions {
  /** The canister's id as text. */
  readonly canister: string;
  /** The origin that is asked, such as `https://icp-api.io`. */
  readonly host: string;
  readonly limits?: TransportLimits;
}

type Ask = <T>(work: (canister: IcpCanister) => Promise<T>) => Promise<T>;

/** The chain in its canister; every answer is verified up to the network's root key. */
export function makeCanisterIcp({
  canister,
  host,
  limits = TRANSPORT_LIMITS,
}: CanisterIcpOptions): IcpPort {
  const transport = makeTransport(limits);
  let opened: Promise<IcpCanister> | undefined;
  const asking =
    (signal: AbortSignal | undefined): Ask =>
    (work) =>
      transport.call(signal, async () => {
        try {
          return await work(await (opened ??= openCanister(canister, host, transport)));
        } catch (error) {
          throw isIcpProblem(error) ? error : refusal(error);
        }
      });
  return {
    fetch: (position, bytes_before, signal) => fetchPage(asking(signal), position, bytes_before),
    metadata: (signal) => asking(signal)(async (of) => readMetadata(await of.metadata())),
  };
}

/** Loads the agent, which a process without a canister never needs. */
async function openCanister(
  canister: string,
  host: string,
  { fetch }: Transport,
): Promise<IcpCanister> {
  const { Actor, HttpAgent } = await import('@dfinity/agent');
  const agent = HttpAgent.createSync({
    host,
    fetch,
    retryTimes: 0,
    verifyQuerySignatures: true,
    shouldFetchRootKey: isLocalHost(host),
  });
  return Actor.createActor<IcpCanister>(icpInterface, { agent, canisterId: canister });
}

async function fetchPage(
  ask: Ask,
  position: number,
  bytes_before: Uint8Array | null,
): Promise<IcpPage> {
  const reply = await ask((canister) =>
    canister.data_fetch([cursorAt(position)], bytes_before === null ? [] : [bytes_before]),
  );
  if ('Err' in reply) throw await whyErr(ask, position, bytes_before, reply.Err);
  const page = readPage(position, ...reply.Ok);
  // At the tip the canister does not look at the bytes before.
  if (page.bytes.length === 0 && bytes_before !== null) {
    await requireBefore(ask, position, bytes_before);
  }
  return page;
}

/** The canister's Err is text for people, so what it means is asked for apart. */
async function whyErr(
  ask: Ask,
  position: number,
  bytes_before: Uint8Array | null,
  text: string,
): Promise<Error> {
  const { next_block_start } = await ask(async (of) => readMetadata(await of.metadata()));
  if (next_block_start !== null && position > next_block_start) {
    return icpProblem(
      'beyond_tip',
      `The Internet Computer ends at ${next_block_start}, not ${position}.`,
    );
  }
  if (bytes_before !== null) await requireBefore(ask, position, bytes_before);
  return refusal(new Error(text));
}

/**
 * Throws `fork` where the chain has other bytes before the position. A replica that lags behind
 * has none there yet, which is no fork.
 */
async function requireBefore(ask: Ask, position: number, bytes_before: Uint8Array): Promise<void> {
  const from = position - ICP_BYTES_BEFORE;
  const reply = await ask((canister) => canister.data_fetch([cursorAt(from)], []));
  const page = 'Ok' in reply ? readPage(from, ...reply.Ok) : null;
  if (page === null || position > page.position + page.bytes.length) {
    throw icpProblem(
      'beyond_tip',
      `The Internet Computer ends before ${position} where it was asked.`,
    );
  }
  const before = page.bytes.subarray(0, ICP_BYTES_BEFORE);
  if (page.position !== from || Buffer.compare(before, bytes_before) !== 0) {
    throw icpProblem(
      'fork',
      `The Internet Computer has other bytes before ${position} than it had.`,
    );
  }
}

const MAX_REASON_CHARS = 300;

/** The agent's messages go on with the whole request; the first line says what is wrong. */
function refusal(error: unknown): Error {
  const reason = (error as Error).message.split('\n', 1)[0] ?? '';
  return icpProblem(
    'refused',
    `The Internet Computer refused: ${reason.slice(0, MAX_REASON_CHARS)}`,
  );
}
