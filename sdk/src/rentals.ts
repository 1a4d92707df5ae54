import { openSystems } from '@berth/shared/contracts/choices';
import type { Credentials } from '@berth/shared/contracts/credentials';
import { contracts } from '@berth/shared/contracts/endpoints';
import { faultsOf } from '@berth/shared/contracts/faults';
import type { ContractAction } from '@berth/shared/contracts/machine';
import type {
  ContractView,
  DetailsPart,
  DetailsView,
  HeadView,
  SignedMove,
} from '@berth/shared/contracts/schemas';
import { acceptanceOf, signMove, signRequest, type Signer } from '@berth/shared/contracts/sign';
import { offerings } from '@berth/shared/offerings/endpoints';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import type { PaysBy } from '@berth/shared/pays-by';
import { extensionPriceOf, priceOf, type Rate } from '@berth/shared/price';
import { toHex } from '@berth/shared/signing/bytes';
import type { Evidence } from '@berth/shared/signing/evidence';
import { envelopeDigest, open, seal, type Envelope } from '@berth/shared/signing/seal';
import type { Keys } from './device.ts';
import { refuse } from './problem.ts';
import type { Clock } from './session.ts';
import type { Call } from './transport.ts';

const NONCE_BYTES = 16;

/** What is about to be signed, to be shown first. Nothing is signed or sent before `send`. */
export interface Proposal<Shown, Sent = HeadView> {
  shown: Shown;
  /** Signs and sends it. After a lost answer it may be called again: it counts once. */
  send(): Promise<Sent>;
}

export interface RentAsk {
  offering_id: string;
  hours: number;
  /** Where the terms leave it open. */
  operating_system?: string | null;
  /** How what the balance does not cover is paid, where payments are taken. */
  pays_by?: PaysBy | null;
  /** Lets the provider let this key in. */
  ssh_public_key?: string | null;
  memo?: string;
}

/** Computed here, by the function that charges; amounts are whole 10^-9 units as decimal text. */
export interface RentShown {
  offering: OfferingView;
  terms_hash: string;
  hours: number;
  total_e9s: string;
  currency: string;
  operating_system: string | null;
}

/** A move of a contract: how it stood, and what is signed of money. */
export interface MoveShown {
  contract: ContractView;
  action: ContractAction;
  /** What is paid for it, or paid back; null where it moves no money. */
  amount_e9s: string | null;
}

export interface DeliveryAsk extends Omit<DetailsPart, 'host_key_fingerprint' | 'instructions'> {
  host_key_fingerprint?: string | null;
  /** Not secret. */
  instructions?: string;
  /** Sealed so that only the renter can open them. */
  credentials: Credentials;
}

export interface Opened {
  credentials: Credentials;
  /** Where to connect. */
  details: DetailsView;
}

export interface OpenShown {
  contract: ContractView;
  /** Whether it is signed for, and whether that starts the paid clock. */
  signs: boolean;
  starts_clock: boolean;
}

/** What a device signs about contracts; each answers first what is to be signed. */
export interface Rentals {
  rent(ask: RentAsk): Promise<Proposal<RentShown, HeadView>>;
  accept(contract_id: string): Promise<Proposal<MoveShown>>;
  reject(contract_id: string, reason?: string): Promise<Proposal<MoveShown>>;
  /** `fault` is a code that is the signer's to give; the usual one of its side if left out. */
  cancel(contract_id: string, reason?: string, fault?: number): Promise<Proposal<MoveShown>>;
  /** Gives up what was accepted and is not delivered; all is paid back. */
  fail(contract_id: string, reason?: string): Promise<Proposal<MoveShown>>;
  /** Proposes so many hours more, or agrees to the other party's proposal of as many. */
  extend(contract_id: string, hours?: number): Promise<Proposal<MoveShown>>;
  /** Says that provisioning begins, before there is anything to deliver. */
  begin(contract_id: string): Promise<Proposal<MoveShown>>;
  /** Starts provisioning where it has not begun, then posts sealed credentials, or newer ones. */
  provision(contract_id: string, ask: DeliveryAsk): Promise<Proposal<MoveShown>>;
  /** Opens the newest credentials; `send` signs for them where that is still to be done. */
  open(contract_id: string): Promise<Proposal<OpenShown, Opened>>;
  message(contract_id: string, text: string): Promise<Proposal<MoveShown>>;
}

interface Move {
  action: ContractAction;
  data?: Record<string, unknown>;
  part?: Record<string, unknown>;
  envelope?: Envelope;
  amount_e9s?: string;
}

interface Tools {
  call: Call;
  keys: Keys;
  clock: Clock;
  origin: string;
}

/** Schemas are needed only here, and are most of what there is. */
const loadVerified = () => import('./verified.ts');

export function makeRentals(tools: Tools): Rentals {
  const viewOf = (contract_id: string) =>
    tools.call(contracts.get, { params: { contract_id } }) as Promise<ContractView>;
  const plain = (move: (view: ContractView) => Move) => async (contract_id: string) => {
    const view = await viewOf(contract_id);
    return propose(tools, view, move(view));
  };
  return {
    rent: (ask) => proposeRent(tools, ask),
    accept: plain((view) => ({
      action: 'accept',
      data: acceptanceOf(view),
      amount_e9s: view.total_e9s,
    })),
    reject: (contract_id, reason = '') =>
      plain((view) => ending(view, 'reject', reason))(contract_id),
    cancel: (contract_id, reason = '', fault) =>
      plain((view) => endingEarly(view, 'cancel', reason, fault))(contract_id),
    fail: (contract_id, reason = '') =>
      plain((view) => endingEarly(view, 'fail', reason))(contract_id),
    begin: plain(() => ({ action: 'start_provisioning' })),
    extend: (contract_id, hours) => plain((view) => extension(view, hours))(contract_id),
    message: (contract_id, text) =>
      plain(() => ({ action: 'message', part: { text } }))(contract_id),
    provision: async (contract_id, ask) => proposeDelivery(tools, await viewOf(contract_id), ask),
    open: async (contract_id) => proposeOpening(tools, await viewOf(contract_id)),
  };
}

const signerOf = async ({ keys, clock, call }: Tools, role: Signer['role']): Promise<Signer> => ({
  by: keys.account_key,
  role,
  sign: (text) => keys.sign(text),
  now_ms: await clock.now(call),
});

const rateOf = (said: { price_e9s: string; unit: Rate['unit']; setup_fee_e9s: string }): Rate => ({
  price_e9s: BigInt(said.price_e9s),
  unit: said.unit,
  setup_fee_e9s: BigInt(said.setup_fee_e9s),
});

function ending(view: ContractView, action: 'reject' | 'cancel' | 'fail', reason: string): Move {
  const refund = view.moves.find((move) => move.action === action)?.refund;
  const refund_e9s = refund?.refund_e9s ?? '0';
  return { action, data: { refund_e9s }, part: { reason }, amount_e9s: refund_e9s };
}

function endingEarly(
  view: ContractView,
  action: 'cancel' | 'fail',
  reason: string,
  asked?: number,
): Move {
  const own = faultsOf(action, view.role);
  const fault = asked === undefined ? own[0] : own.find(({ code }) => code === asked);
  if (!fault) {
    const all = own.map(({ code, words }) => `${code} (${words})`).join(', ');
    throw new Error(`${asked} is no fault that you may give. Yours are ${all}.`);
  }
  const move = ending(view, action, reason);
  return { ...move, data: { ...move.data, fault: fault.code } };
}

function extension({ extension: open_one, role, terms }: ContractView, asked?: number): Move {
  const offered = open_one !== null && open_one.by_role !== role ? open_one : null;
  const hours = asked ?? offered?.hours;
  if (hours === undefined) {
    throw refuse('request.invalid', 'Nobody has proposed an extension: say how many hours.');
  }
  const accepts = offered?.hours === hours ? offered.hash : null;
  const extra_e9s = extensionPriceOf(rateOf(terms), hours).toString();
  return { action: 'extend', data: { hours, extra_e9s, accepts }, amount_e9s: extra_e9s };
}

async function signed(tools: Tools, view: ContractView, move: Move): Promise<SignedMove> {
  const { action, data = {}, part, envelope } = move;
  const { contract_id, head } = view;
  const signer = await signerOf(tools, view.role);
  const { checkMove } = await loadVerified();
  checkMove(view, { action, data }, signer.now_ms());
  const more = { ...(part ? { part } : {}), ...(envelope ? { envelope } : {}) };
  return signMove(signer, { contract_id, head, action, data, ...more });
}

/** Sends what is signed once, however often it is asked to. */
function sendOnce(
  sign: () => Promise<SignedMove>,
  send: (body: SignedMove, key: string) => unknown,
) {
  const key = crypto.randomUUID();
  let body: SignedMove | undefined;
  return async () => (await send((body ??= await sign()), key)) as HeadView;
}

async function propose(tools: Tools, view: ContractView, move: Move): Promise<Proposal<MoveShown>> {
  const { contract_id } = view;
  const { checkMove } = await loadVerified();
  const now = await tools.clock.now(tools.call);
  const { action, data = {}, amount_e9s = null } = move;
  if (view.moves.some((one) => one.action === action)) checkMove(view, { action, data }, now());
  return {
    shown: { contract: view, action, amount_e9s },
    send: sendOnce(
      () => signed(tools, view, move),
      (body, idempotency_key) =>
        tools.call(contracts.move, { params: { contract_id }, body }, { idempotency_key }),
    ),
  };
}

async function proposeRent(tools: Tools, ask: RentAsk): Promise<Proposal<RentShown>> {
  const { offering_id, hours, pays_by = null, ssh_public_key = null, memo = '' } = ask;
  const offering = (await tools.call(offerings.get, { params: { offering_id } })) as OfferingView;
  const { checkOffering } = await loadVerified();
  checkOffering(withoutChain(offering));
  const operating_system = chosenSystem(offering, ask.operating_system ?? null);
  const { terms_hash, currency } = offering;
  const rate = rateOf(offering);
  const request = async () =>
    signRequest(await signerOf(tools, 'renter'), {
      ...{ offering_id, terms_hash, rate, currency, hours, pays_by },
      provider_key: offering.provider.key,
      choices: operating_system === null ? null : { operating_system },
      nonce: toHex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))),
      part: { ssh_public_key, contact: null, memo },
    });
  return {
    shown: {
      ...{ offering, terms_hash, hours, currency, operating_system },
      total_e9s: priceOf(rate, hours).total_e9s.toString(),
    },
    send: sendOnce(
      async () => (await request()).body,
      (body, idempotency_key) => tools.call(contracts.request, { body }, { idempotency_key }),
    ),
  };
}

/** An offering's own page says where it stands on a chain, which is no term of it. */
const withoutChain = (offering: OfferingView): OfferingView => {
  const { chain: _, ...rest } = offering as OfferingView & { chain?: unknown };
  return rest;
};

function chosenSystem(offering: OfferingView, asked: string | null): string | null {
  const systems = openSystems(offering);
  if (systems.length === 0 || (asked !== null && systems.includes(asked))) {
    return systems.length === 0 ? null : asked;
  }
  throw refuse(
    'request.invalid',
    `The terms leave the operating system open. Choose one of: ${systems.join(', ')}.`,
  );
}

async function proposeDelivery(
  tools: Tools,
  first: ContractView,
  ask: DeliveryAsk,
): Promise<Proposal<MoveShown>> {
  const { contract_id } = first;
  const { credentials, ...details } = ask;
  const part = { host_key_fingerprint: null, instructions: '', ...details };
  const { provenRecipient, writeCredentials } = await loadVerified();
  const proof = await tools.call(contracts.recipient, { params: { contract_id } });
  const recipient_key = await provenRecipient(proof, first, tools.origin);
  const can = (view: ContractView, action: ContractAction) =>
    view.moves.some((move) => move.action === action);

  async function deliver(view: ContractView): Promise<Proposal<MoveShown>> {
    const provider_key = tools.keys.account_key;
    const sealedFor = { contract_id, provider_key, recipient_key, seq: view.head.seq + 1 };
    const envelope = await seal(recipient_key, sealedFor, writeCredentials(credentials));
    const data = { envelope_digest: envelopeDigest(envelope), recipient_key };
    const action = can(view, 'rotate_credentials') ? 'rotate_credentials' : 'mark_provisioned';
    return propose(tools, view, { action, data, part, envelope });
  }
  if (!can(first, 'start_provisioning')) return deliver(first);
  const begin = await propose(tools, first, { action: 'start_provisioning' });
  let delivery: Proposal<MoveShown> | undefined;
  return {
    shown: { ...begin.shown, action: 'mark_provisioned' },
    async send() {
      if (delivery === undefined) {
        await begin.send();
        const begun = await tools.call(contracts.get, { params: { contract_id } });
        delivery = await deliver(begun as ContractView);
      }
      return delivery.send();
    },
  };
}

async function proposeOpening(
  tools: Tools,
  contract: ContractView,
): Promise<Proposal<OpenShown, Opened>> {
  const { contract_id, details, moves, state } = contract;
  const [newest] = details;
  if (newest === undefined) {
    throw refuse('contract.not_yet', 'The provider has not posted credentials yet.');
  }
  const { checkDetails, readCredentials } = await loadVerified();
  const check = async (details: DetailsView) => {
    const evidence = await tools.call(contracts.evidence, { params: { contract_id } });
    await checkDetails(evidence as Evidence, contract_id, details);
  };
  await check(newest);
  // Opened before it is signed for: what does not open must not start the paid clock.
  const text = await openSealed(tools.keys, contract_id, newest);
  const isMoveable = moves.some(({ action }) => action === 'open_credentials');
  const signs = newest.opened_at === null && isMoveable;
  const data = { envelope_digest: newest.envelope_digest };
  const receipt = signs
    ? await propose(tools, contract, { action: 'open_credentials', data })
    : null;
  return {
    shown: { contract, signs, starts_clock: signs && state === 'provisioned' },
    async send() {
      await receipt?.send();
      const after = (await tools.call(contracts.get, { params: { contract_id } })) as ContractView;
      const [details = newest] = after.details;
      await check(details);
      return { credentials: readCredentials(text), details };
    },
  };
}

async function openSealed(keys: Keys, contract_id: string, sealed: DetailsView): Promise<string> {
  const { envelope, envelope_digest, provider_key, recipient_key, seq } = sealed;
  if (envelope === null) {
    throw refuse('request.not_found', 'These credentials were erased when the contract had ended.');
  }
  const opener = await keys.opener();
  if (opener === null || keys.encryption_key !== recipient_key) {
    throw refuse(
      'delegation.invalid',
      'These credentials are sealed to another key than this device has. Sign in with the phrase ' +
        'they are sealed to, or ask the provider to post them again.',
    );
  }
  try {
    if (envelopeDigest(envelope) !== envelope_digest) throw new Error('Not what was signed');
    return await open(opener, { contract_id, provider_key, recipient_key, seq }, envelope);
  } catch {
    throw refuse(
      'signature.invalid',
      'These credentials do not open: they are not as the provider sealed them. Ask the provider ' +
        'to post them again.',
    );
  }
}
