/** The parties' requests and moves, signed with their keys and sent through HTTP. */
import { randomBytes } from 'node:crypto';
import { faultsOf } from '@berth/shared/contracts/faults';
import { extensionPriceOf, priceOf } from '@berth/shared/price';
import type { ContractView } from '@berth/shared/contracts/schemas';
import { acceptanceOf, signMove, signRequest } from '@berth/shared/contracts/sign';
import { endpoints } from '@berth/shared/endpoints';
import { deliveryOf, firstChoice, viewOf } from '../../api/test/rental.ts';
import type { Client } from '../../api/test/people.ts';
import { deliver } from './delivery.ts';
import { payAhead } from './money.ts';
import type { Step, Story } from './story.ts';
import type { World } from './world.ts';

const NONCE_BYTES = 16;

/**
 * Asks to rent, with the renter's first SSH key and contact, and pays ahead what that takes.
 * Answers the contract's id.
 */
export async function request(
  world: World,
  renter: Client,
  offering_id: string,
  { hours, memo }: Story,
) {
  const [offering, { ssh_keys, contacts }] = await Promise.all([
    renter.ask(endpoints.offerings.get, { params: { offering_id } }),
    renter.ask(endpoints.accounts.profile, {}),
  ]);
  const [contact] = contacts;
  const rate = rateOf(offering);
  await payAhead(world, renter, offering.currency, priceOf(rate, hours).total_e9s);
  const { contract_id, body } = await signRequest(renter.signer('renter'), {
    offering_id,
    terms_hash: offering.terms_hash,
    provider_key: offering.provider.key,
    rate,
    currency: offering.currency,
    hours,
    choices: firstChoice(offering),
    pays_by: null,
    nonce: randomBytes(NONCE_BYTES).toString('hex'),
    part: {
      ssh_public_key: ssh_keys[0]?.public_key ?? null,
      contact: contact ? { kind: contact.kind, value: contact.value } : null,
      memo,
    },
  });
  await renter.ask(endpoints.contracts.request, { body });
  return contract_id;
}

/** Looks at the contract, signs and sends what the step says; a renter pays ahead for hours. */
export async function take(
  world: World,
  client: Client,
  contract_id: string,
  step: Step,
): Promise<void> {
  const view = await viewOf(client, contract_id);
  if (step.action === 'extend' && step.side === 'renter') {
    await payAhead(world, client, view.terms.currency, extraOf(view, step));
  }
  const body = await signMove(client.signer(step.side), {
    contract_id,
    head: view.head,
    action: step.action,
    ...(await partsOf(view, step)),
  });
  await client.ask(endpoints.contracts.move, { params: { contract_id }, body });
}

type Parts = Pick<Parameters<typeof signMove>[1], 'data' | 'part' | 'envelope'>;

async function partsOf(view: ContractView, step: Step): Promise<Parts> {
  const { action, side, text = '', hours = 0 } = step;
  switch (action) {
    case 'reject':
    case 'cancel':
    case 'fail': {
      const { refund } = view.moves.find((move) => move.action === action) ?? {};
      const [fault] = faultsOf(action, side);
      const why = fault && { fault: fault.code };
      return { data: { refund_e9s: refund?.refund_e9s ?? '0', ...why }, part: { reason: text } };
    }
    case 'message':
      return { part: { text } };
    case 'accept':
      return { data: acceptanceOf(view) };
    case 'open_credentials':
      return { data: { envelope_digest: view.details[0]?.envelope_digest ?? '' } };
    case 'mark_provisioned':
    case 'rotate_credentials': {
      const { details, secret } = deliver(view);
      return { ...(await deliveryOf(view, secret)), part: details };
    }
    case 'extend': {
      const { extension } = view;
      const accepts = extension && extension.by_role !== side ? extension.hash : null;
      return { data: { hours, extra_e9s: extraOf(view, step).toString(), accepts } };
    }
    default:
      return {};
  }
}

const extraOf = ({ terms }: ContractView, { hours = 0 }: Step): bigint =>
  extensionPriceOf(rateOf(terms), hours);

const rateOf = (terms: Pick<ContractView['terms'], 'price_e9s' | 'unit' | 'setup_fee_e9s'>) => ({
  price_e9s: BigInt(terms.price_e9s),
  unit: terms.unit,
  setup_fee_e9s: BigInt(terms.setup_fee_e9s),
});
