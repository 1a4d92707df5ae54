import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ContractAction } from '@berth/shared/contracts/machine';
import { endpoints } from '@berth/shared/endpoints';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import type { AgentLeave } from '@berth/shared/signing/delegation';
import { DAY_MS, isoAt } from '@berth/shared/time';
import { makeCast, type Cast } from '../../../test/cast.ts';
import { checkContract } from '../../../test/invariants.ts';
import { revocationEvent } from '../../../test/key-events.ts';
import { onNewDevice, renew, signIn, type Client } from '../../../test/people.ts';
import { listOffering, move, rentalIn, signedMove, viewOf } from '../../../test/rental.ts';

const { accounts, blocks, contracts, notices, offerings } = endpoints;

let cast: Cast;
let other: OfferingView;

beforeAll(async () => {
  cast = await makeCast();
  other = await listOffering(cast.provider, { title: 'Another machine' });
});

afterAll(() => cast.t.close());

const work: AgentLeave['actions'] = ['accept', 'start_provisioning', 'mark_provisioned'];

/** An agent of the provider's, on a key of its own. */
const makeAgent = (agent: AgentLeave, expires_at?: string): Promise<Client> =>
  signIn(cast.t, onNewDevice(cast.provider), {
    label: 'Rack 7',
    scopes: ['read', 'provide'],
    agent,
    ...(expires_at === undefined ? {} : { expires_at }),
  });

const refusedMove = async (agent: Client, contract_id: string, action: ContractAction) => {
  const body = await signedMove(agent, await viewOf(agent, contract_id), action);
  return agent.refused(contracts.move, { params: { contract_id }, body });
};

test('an agent does what it was given, and the log that it signed verifies', async () => {
  const agent = await makeAgent({ actions: work, offerings: [cast.offering.id] });
  const contract_id = await rentalIn('pending', cast);
  for (const action of work) await move(agent, contract_id, action as ContractAction);
  expect((await viewOf(cast.renter, contract_id)).state).toBe('provisioned');
  await checkContract(cast.t.deps, contract_id);
  const { entries } = await cast.renter.ask(contracts.evidence, { params: { contract_id } });
  const signed = entries.filter(({ key }) => key === agent.device_key.public_key);
  expect(signed.map(({ statement }) => statement.action)).toEqual(work);
});

test('a move that it was not given is refused in a sentence, and changes nothing', async () => {
  const agent = await makeAgent({ actions: work, offerings: null });
  const contract_id = await rentalIn('pending', cast);
  const { head } = await viewOf(agent, contract_id);
  expect(await refusedMove(agent, contract_id, 'reject')).toMatchObject({
    code: 'delegation.limit',
    detail: expect.stringContaining(
      `no leave to reject a contract on ${cast.offering.id}`,
    ) as string,
  });
  expect((await viewOf(agent, contract_id)).head).toEqual(head);
});

test('a contract on another offering is not its own to move', async () => {
  const agent = await makeAgent({ actions: work, offerings: [cast.offering.id] });
  const contract_id = await rentalIn('pending', { ...cast, offering: other });
  expect(await refusedMove(agent, contract_id, 'accept')).toMatchObject({
    code: 'delegation.limit',
  });
  const free = await makeAgent({ actions: work, offerings: null });
  await move(free, contract_id, 'accept');
});

test('beside its moves it reads, and changes nothing', async () => {
  const agent = await makeAgent({ actions: work, offerings: null });
  const { handle } = cast.renter.account;
  const { id: offering_id, version } = cast.offering;
  const limited = { code: 'delegation.limit' };
  expect(await agent.refused(blocks.block, { params: { handle } })).toMatchObject(limited);
  expect(
    await agent.refused(offerings.move, {
      params: { offering_id },
      body: { action: 'pause', version },
    }),
  ).toMatchObject(limited);
  expect(await agent.refused(notices.read, { body: { all: true } })).toMatchObject(limited);
  await agent.ask(offerings.listOwn, { query: {} });
});

test('it is listed with what it may do, and put out at once', async () => {
  const leave = { actions: work, offerings: [cast.offering.id] };
  const agent = await makeAgent(leave);
  const { public_key: device_key } = agent.device_key;
  const { devices } = await cast.provider.ask(accounts.profile, {});
  expect(devices.find((one) => one.device_key === device_key)).toMatchObject({ agent: leave });
  expect(devices.find(({ is_this }) => is_this)).toMatchObject({ agent: null });
  const event = revocationEvent(cast.provider, device_key);
  await cast.provider.ask(accounts.revokeDevice, { body: { event } });
  const revoked = { code: 'delegation.revoked' };
  expect(await agent.refused(accounts.me, {})).toMatchObject(revoked);
  await expect(renew(agent)).rejects.toMatchObject({ problem: revoked });
});

test('an agent puts out no other device', async () => {
  const agent = await makeAgent({ actions: work, offerings: null });
  const event = revocationEvent(agent, cast.provider.device_key.public_key);
  expect(await agent.refused(accounts.revokeDevice, { body: { event } })).toMatchObject({
    code: 'delegation.limit',
  });
  await cast.provider.ask(accounts.me, {});
});

test('it ends with its delegation, which its own key cannot renew', async () => {
  const ends_ms = cast.t.clock.nowMs() + DAY_MS;
  const agent = await makeAgent({ actions: work, offerings: null }, isoAt(ends_ms));
  await cast.wait(DAY_MS);
  await expect(renew(agent)).rejects.toMatchObject({ problem: { code: 'delegation.expired' } });
});
