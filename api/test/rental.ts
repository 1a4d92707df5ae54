/**
 * Rentals for tests, the seed and the bench: offerings, requests and signed moves, through HTTP.
 */
import { randomBytes } from 'node:crypto';
import { openSystems, type Choices } from '@berth/shared/contracts/choices';
import { faultsOf } from '@berth/shared/contracts/faults';
import type { ContractAction, ContractState } from '@berth/shared/contracts/machine';
import type { PaysBy } from '@berth/shared/pays-by';
import { extensionPriceOf } from '@berth/shared/price';
import type { ContractView, HeadView, SignedMove } from '@berth/shared/contracts/schemas';
import { acceptanceOf, signMove, signRequest } from '@berth/shared/contracts/sign';
import { endpoints } from '@berth/shared/endpoints';
import type { OfferingInput, OfferingView } from '@berth/shared/offerings/schemas';
import { offeringInput } from '@berth/shared/offerings/schemas';
import { autoAcceptText } from '@berth/shared/signing/auto-accept';
import { envelopeDigest, seal } from '@berth/shared/signing/seal';
import { addHours } from '@berth/shared/time';
import * as z from 'zod';
import type { Client } from './people.ts';

export const someOffering: OfferingInput = {
  kind: 'gpu',
  title: '8x H100 SXM in Amsterdam',
  description: 'A whole node, NVLink, liquid cooled.',
  gpu_model: 'H100 SXM',
  gpu_count: 8,
  gpu_memory_gib: 80,
  cpu_model: 'EPYC 9654',
  vcpus: 192,
  memory_gib: 1_536,
  disk_kind: 'nvme',
  disk_gib: 15_360,
  uplink_mbps: 100_000,
  traffic_tib: null,
  unmetered: true,
  virtualization: 'bare_metal',
  operating_systems: ['Ubuntu 24.04'],
  features: ['NVLink'],
  gpu_interconnect: 'sxm',
  commitment: 'on_demand',
  country: 'NL',
  city: 'Amsterdam',
  price_e9s: 19_920_000_000n,
  unit: 'hour',
  currency: 'USD',
  setup_fee_e9s: 5_000_000_000n,
  min_hours: 1,
  max_hours: 720,
  stock: 4,
  visibility: 'public',
  response_hours: 24,
  provisioning_hours: 24,
  reference: null,
};

/** Makes an offering and lists it. */
export async function listOffering(
  provider: Client,
  changes: Partial<OfferingInput> = {},
): Promise<OfferingView> {
  const body = z.encode(offeringInput, { ...someOffering, ...changes });
  const draft = await provider.ask(endpoints.offerings.create, { body });
  return provider.ask(endpoints.offerings.move, {
    params: { offering_id: draft.id },
    body: { action: 'list', version: draft.version },
  });
}

const RULE_HOURS = 30 * 24;

/** The provider signs that requests of up to so many hours are accepted at once. */
export function setAutoAccept(provider: Client, offering: OfferingView, max_hours: number) {
  const at = provider.server.clock.now();
  const rule = {
    offering_id: offering.id,
    provider_key: offering.provider.key,
    max_hours,
    at,
    expires_at: addHours(at, RULE_HOURS),
  };
  const signature = provider.sign(autoAcceptText(rule));
  return provider.ask(endpoints.offerings.setAutoAccept, {
    params: { offering_id: offering.id },
    body: { rule, signature },
  });
}

export interface RequestOptions {
  hours?: number;
  nonce?: string;
  memo?: string;
  /** What is chosen; the first of what is open, or nothing. */
  choices?: Choices | null;
  /** How what the balance does not cover is paid; nothing is said of it if left out. */
  pays_by?: PaysBy;
  idempotency_key?: string;
}

/** A signed request as the renter's client would send it; its contract's id is known. */
export function signedRequest(
  renter: Client,
  offering: OfferingView,
  options: RequestOptions = {},
): Promise<{ contract_id: string; body: SignedMove }> {
  const { hours = 24, nonce = randomBytes(16).toString('hex'), memo = '', choices } = options;
  return signRequest(renter.signer('renter'), {
    offering_id: offering.id,
    terms_hash: offering.terms_hash,
    provider_key: offering.provider.key,
    rate: rateOf(offering),
    currency: offering.currency,
    hours,
    choices: choices === undefined ? firstChoice(offering) : choices,
    pays_by: options.pays_by ?? null,
    nonce,
    part: { ssh_public_key: null, contact: null, memo },
  });
}

/** Takes the first of what the terms leave open. */
export function firstChoice(offering: Pick<OfferingView, 'operating_systems'>): Choices | null {
  const [operating_system] = openSystems(offering);
  return operating_system === undefined ? null : { operating_system };
}

export async function requestRental(
  renter: Client,
  offering: OfferingView,
  options: RequestOptions = {},
): Promise<HeadView> {
  const { body } = await signedRequest(renter, offering, options);
  const { idempotency_key } = options;
  return renter.ask(
    endpoints.contracts.request,
    { body },
    idempotency_key ? { idempotency_key } : {},
  );
}

export const viewOf = (client: Client, contract_id: string): Promise<ContractView> =>
  client.ask(endpoints.contracts.get, { params: { contract_id } });

const rateOf = ({
  price_e9s,
  unit,
  setup_fee_e9s,
}: Pick<OfferingView, 'price_e9s' | 'unit' | 'setup_fee_e9s'>) => ({
  price_e9s: BigInt(price_e9s),
  unit,
  setup_fee_e9s: BigInt(setup_fee_e9s),
});

const someDetails = {
  address: 'node7.example.net',
  port: 22,
  username: 'root',
  host_key_fingerprint: null,
  instructions: 'Use your own SSH key.',
};

const EXTENSION_HOURS = 12;

type Side = 'renter' | 'provider';
type MoveParts = Pick<Parameters<typeof signMove>[1], 'data' | 'part' | 'envelope'>;

/** What each action's statement has to carry to be taken, as the website would fill it in. */
async function partsOf(
  view: ContractView,
  action: ContractAction,
  role: Side,
  secret: string,
): Promise<MoveParts> {
  const refund_e9s = view.moves.find((move) => move.action === action)?.refund?.refund_e9s ?? '0';
  switch (action) {
    case 'reject':
      return { data: { refund_e9s }, part: { reason: 'A reason.' } };
    case 'cancel':
    case 'fail': {
      const [fault] = faultsOf(action, role);
      const why = fault && { fault: fault.code };
      return { data: { refund_e9s, ...why }, part: { reason: 'A reason.' } };
    }
    case 'message':
      return { part: { text: 'Hello.' } };
    case 'accept':
      return { data: acceptanceOf(view) };
    case 'open_credentials':
      return { data: { envelope_digest: view.details[0]?.envelope_digest ?? '0'.repeat(64) } };
    case 'mark_provisioned':
    case 'rotate_credentials':
      return deliveryOf(view, secret);
    case 'extend': {
      const open = view.extension;
      const accepts = open && open.by_role !== role ? open.hash : null;
      const hours = accepts && open ? open.hours : EXTENSION_HOURS;
      const extra_e9s = extensionPriceOf(rateOf(view.terms), hours).toString();
      return { data: { hours, extra_e9s, accepts } };
    }
    default:
      return {};
  }
}

/** Seals credentials to the renter for the next entry of the log. */
export async function deliveryOf(view: ContractView, secret: string): Promise<MoveParts> {
  const recipient_key = view.renter.encryption_key ?? '';
  const envelope = await seal(
    recipient_key,
    {
      contract_id: view.contract_id,
      provider_key: view.provider.key,
      recipient_key,
      seq: view.head.seq + 1,
    },
    secret,
  );
  const data = { envelope_digest: envelopeDigest(envelope), recipient_key };
  return { data, part: someDetails, envelope };
}

/** Builds and signs a move from a view of the contract, without sending it. */
export async function signedMove(
  client: Client,
  view: ContractView,
  action: ContractAction,
  { role = view.role, secret = 'password' }: { role?: Side; secret?: string } = {},
): Promise<SignedMove> {
  return signMove(client.signer(role), {
    contract_id: view.contract_id,
    head: view.head,
    action,
    ...(await partsOf(view, action, role, secret)),
  });
}

/** Looks at the contract, then signs and sends the move. */
export async function move(
  client: Client,
  contract_id: string,
  action: ContractAction,
): Promise<HeadView> {
  const view = await viewOf(client, contract_id);
  const body = await signedMove(client, view, action);
  return client.ask(endpoints.contracts.move, { params: { contract_id }, body });
}

type Step = [Side, ContractAction];

/** The parties' moves that lead from `pending` to a state that needs no clock. */
const pathTo: Partial<Record<ContractState, Step[]>> = {
  pending: [],
  accepted: [['provider', 'accept']],
  provisioning: [
    ['provider', 'accept'],
    ['provider', 'start_provisioning'],
  ],
  provisioned: [
    ['provider', 'accept'],
    ['provider', 'start_provisioning'],
    ['provider', 'mark_provisioned'],
  ],
  active: [
    ['provider', 'accept'],
    ['provider', 'start_provisioning'],
    ['provider', 'mark_provisioned'],
    ['renter', 'open_credentials'],
  ],
  suspended: [
    ['provider', 'accept'],
    ['provider', 'start_provisioning'],
    ['provider', 'mark_provisioned'],
    ['renter', 'open_credentials'],
    ['renter', 'suspend'],
  ],
  rejected: [['provider', 'reject']],
  cancelled: [['renter', 'cancel']],
  failed: [
    ['provider', 'accept'],
    ['provider', 'fail'],
  ],
};

/** A contract that the two parties have brought to a state by their own moves. */
export async function rentalIn(
  state: ContractState,
  { renter, provider, offering }: { renter: Client; provider: Client; offering: OfferingView },
  options: RequestOptions = {},
): Promise<string> {
  const steps = pathTo[state];
  if (!steps) throw new Error(`Only the clock brings a contract to ${state}`);
  const { contract_id } = await requestRental(renter, offering, options);
  for (const [side, action] of steps) {
    await move(side === 'renter' ? renter : provider, contract_id, action);
  }
  return contract_id;
}
