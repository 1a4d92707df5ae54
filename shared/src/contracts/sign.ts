import { isoAt } from '../time.ts';
import type { Envelope } from '../signing/seal.ts';
import {
  contractIdOf,
  makeSalt,
  privateDigest,
  signingInputOf,
  type Statement,
} from '../signing/statement.ts';
import { priceOf, type Rate } from './price.ts';
import type { ContractAction } from './machine.ts';
import type { SignedMove } from './schemas.ts';

/** Signs a text: resolves to 128 hex characters. In browsers the device key does it. */
export type Sign = (text: string) => Promise<string>;

export interface Signer {
  /** The account key that the statement speaks for. */
  by: string;
  role: 'renter' | 'provider';
  sign: Sign;
  /** The server's time in epoch milliseconds, as well as this client knows it. */
  now_ms: () => number;
}

type Part = Record<string, unknown>;

interface Move {
  contract_id: string;
  /** Where the contract stands: the statement names the entry before it. */
  head: { seq: number; hash: string };
  action: ContractAction;
  data?: Record<string, unknown>;
  part?: Part;
  envelope?: Envelope;
}

/** Builds and signs a move of a contract. */
export async function signMove(signer: Signer, move: Move): Promise<SignedMove> {
  const { statement, kept } = stateOf(signer, {
    contract_id: move.contract_id,
    seq: move.head.seq + 1,
    prev: move.head.hash,
    action: move.action,
    data: move.data ?? {},
    part: move.part,
  });
  return {
    statement,
    signature: await signer.sign(signingInputOf(statement)),
    ...(kept ? { private: kept } : {}),
    ...(move.envelope ? { envelope: move.envelope } : {}),
  };
}

interface Request {
  offering_id: string;
  terms_hash: string;
  provider_key: string;
  rate: Rate;
  currency: string;
  hours: number;
  /** 32 hex characters; the same nonce is the same request, so a retry makes one contract. */
  nonce: string;
  part: Part;
}

/** Builds and signs the request that makes a contract; its id is known before it is sent. */
export async function signRequest(
  signer: Signer,
  request: Request,
): Promise<{ contract_id: string; body: SignedMove }> {
  const { statement, kept } = stateOf(signer, {
    contract_id: null,
    seq: 0,
    prev: null,
    action: 'request',
    data: {
      offering_id: request.offering_id,
      terms_hash: request.terms_hash,
      renter: signer.by,
      provider: request.provider_key,
      hours: request.hours,
      total_e9s: priceOf(request.rate, request.hours).total_e9s.toString(),
      currency: request.currency,
      nonce: request.nonce,
    },
    part: request.part,
  });
  const signature = await signer.sign(signingInputOf(statement));
  return {
    contract_id: contractIdOf(statement),
    body: { statement, signature, ...(kept ? { private: kept } : {}) },
  };
}

type Kept = NonNullable<SignedMove['private']>;

/** Without spaces at the ends of its texts: as it is read, which is how it must be signed. */
const trimmed = (part: Part): Part =>
  Object.fromEntries(
    Object.entries(part).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.trim() : value,
    ]),
  );

function stateOf(
  signer: Signer,
  entry: Pick<Statement, 'contract_id' | 'seq' | 'prev'> & {
    action: ContractAction;
    data: Record<string, unknown>;
    part: Part | undefined;
  },
): { statement: Statement; kept: Kept | null } {
  const { part, ...rest } = entry;
  const kept = part ? { salt: makeSalt(), part: trimmed(part) } : null;
  const statement: Statement = {
    ...rest,
    by: signer.by,
    role: signer.role,
    at: isoAt(signer.now_ms()),
    private_digest: kept ? privateDigest(kept) : null,
  };
  return { statement, kept };
}
