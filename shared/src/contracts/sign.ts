import { isoAt } from '../time.ts';
import type { Envelope } from '../signing/seal.ts';
import {
  hashOf,
  makeSalt,
  privateDigest,
  signingInputOf,
  type Statement,
} from '../signing/statement.ts';
import type { PaysBy } from '../pays-by.ts';
import { priceOf, type Rate } from '../price.ts';
import type { Choices } from './choices.ts';
import type { ContractAction } from './machine.ts';
import type { ContractView, HeadView, SignedMove } from './schemas.ts';
import type { DataOf } from './statement-data.ts';

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
  /** Where the contract stands: the statement names the entry before it and is no earlier. */
  head: Pick<HeadView, 'seq' | 'hash' | 'at'>;
  action: ContractAction;
  data?: Record<string, unknown>;
  part?: Part;
  envelope?: Envelope;
}

/** Builds and signs a move of a contract. */
export async function signMove(signer: Signer, move: Move): Promise<SignedMove> {
  const { statement, kept } = stateOf(signer, {
    subject_id: move.contract_id,
    seq: move.head.seq + 1,
    prev: move.head.hash,
    not_before: move.head.at,
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

/** What an acceptance says: the provider's signature alone shows what it is bound to. */
export const acceptanceOf = ({
  terms_hash,
  hours,
  total_e9s,
  terms,
  operating_system,
}: Pick<
  ContractView,
  'terms_hash' | 'hours' | 'total_e9s' | 'terms' | 'operating_system'
>): DataOf<'accept'> => ({
  terms_hash,
  hours,
  total_e9s,
  currency: terms.currency,
  ...(operating_system === null ? {} : { choices: { operating_system } }),
});

interface Request {
  offering_id: string;
  terms_hash: string;
  provider_key: string;
  rate: Rate;
  currency: string;
  hours: number;
  /** What is chosen of what the terms leave open; null where nothing is. */
  choices: Choices | null;
  /** How what the balance does not cover is paid; null where it covers all, or none is taken. */
  pays_by: PaysBy | null;
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
    subject_id: null,
    seq: 0,
    prev: null,
    not_before: '',
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
      ...(request.choices ? { choices: request.choices } : {}),
      ...(request.pays_by ? { pays_by: request.pays_by } : {}),
    },
    part: request.part,
  });
  const signature = await signer.sign(signingInputOf(statement));
  return {
    contract_id: hashOf(statement),
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
  entry: Pick<Statement, 'subject_id' | 'seq' | 'prev'> & {
    action: ContractAction;
    data: Record<string, unknown>;
    part: Part | undefined;
    not_before: string;
  },
): { statement: Statement; kept: Kept | null } {
  const { part, not_before, ...rest } = entry;
  const kept = part ? { salt: makeSalt(), part: trimmed(part) } : null;
  const now = isoAt(signer.now_ms());
  const statement: Statement = {
    ...rest,
    subject_kind: 'contract',
    mode: 'live',
    by: signer.by,
    role: signer.role,
    // The other party's clock may be a little ahead, and times never fall.
    at: now < not_before ? not_before : now,
    private_digest: kept ? privateDigest(kept) : null,
  };
  return { statement, kept };
}
