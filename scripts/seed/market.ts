/** The demo's course of events: who joins, what is listed and rented, each at its own time. */
import { endpoints } from '@berth/shared/endpoints';
import { readDecimal } from '@berth/shared/money';
import type { OfferingMove } from '@berth/shared/offerings/machine';
import type { OwnOfferingView } from '@berth/shared/offerings/schemas';
import { demoIdentities } from '@berth/shared/platform/demo';
import { addHours } from '@berth/shared/time';
import { setAutoAccept } from '../../api/test/rental.ts';
import { makeActors, type Actors } from './actors.ts';
import { bringIcp } from './icp.ts';
import { request, take } from './moves.ts';
import { askPayout, introduceToBilling } from './money.ts';
import { autoAccepted, offeringBatches, shelf, type Batch } from './offerings.ts';
import { providers, renters, type Cast } from './people.ts';
import { lowlandStories } from './stories/lowland.ts';
import { miraStories } from './stories/mira.ts';
import { siteStories } from './stories/sites.ts';
import { studyStories } from './stories/studies.ts';
import { asImported, pauses, repricings, type Repricing } from './prices.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

interface Event {
  at: string;
  run: () => Promise<void>;
}

/** How long before the present it all begins, in days. */
export const BEGAN_DAYS = 76;
const DAY_HOURS = 24;
/** Providers list a few hours after they have joined. */
const LISTING_HOURS = 5;
const RULES_SIGNED_DAYS = 12.5;
const SHELVED_DAYS = 1.6;
const PAYOUT_DAYS = 2.2;
/** Everybody has read their notices up to then; what came later is new. */
const NOTICES_READ_DAYS = 1.2;
/** When what was agreed on chain was imported, and who rents from Lowland Metal there. */
const ICP_READ_DAYS = 0.1;
const ON_CHAIN_RENTER = renters.at(-1)?.handle ?? '';
const MOST_OWN_OFFERINGS = 100;

export const stories: readonly Story[] = [
  ...miraStories,
  ...lowlandStories,
  ...studyStories,
  ...siteStories,
];

/** Plays everything up to `now` in the world, which has to begin BEGAN_DAYS before it. */
export async function playMarket(world: World, now: string): Promise<void> {
  const daysAgo = (days: number, later_hours = 0) => addHours(now, later_hours - days * DAY_HOURS);
  const actors = makeActors(world);
  const offerings = new Map<string, string>();
  const everybody = [...providers, ...renters];
  const batches = offeringBatches();
  const events: Event[] = [
    ...everybody.map((cast) => ({ at: daysAgo(cast.joined), run: () => join(actors, cast) })),
    ...batches.map((batch) => ({
      at: daysAgo(batch.since, LISTING_HOURS),
      run: () => list(actors, asImported(batch), offerings),
    })),
    ...repricings(batches).map((repricing) => ({
      at: daysAgo(repricing.since),
      run: () => reprice(actors, repricing, offerings),
    })),
    ...Object.entries(pauses).flatMap(([name, [from, until]]) => [
      { at: daysAgo(from), run: () => shelve(actors, offerings, name, 'pause') },
      { at: daysAgo(until), run: () => shelve(actors, offerings, name, 'list') },
    ]),
    { at: daysAgo(RULES_SIGNED_DAYS), run: () => signRules(actors, offerings) },
    {
      at: daysAgo(PAYOUT_DAYS),
      run: async () => askPayout(world, await actors.as('lowland-metal')),
    },
    { at: daysAgo(SHELVED_DAYS), run: () => archive(actors, offerings) },
    { at: daysAgo(NOTICES_READ_DAYS), run: () => readNotices(actors, everybody) },
    { at: daysAgo(ICP_READ_DAYS), run: () => bringIcp(world, actors, ON_CHAIN_RENTER) },
    ...stories.flatMap((story) => eventsOf(world, actors, offerings, story, daysAgo(story.ago))),
  ];
  events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  for (const { at, run } of events) {
    await world.runTo(at);
    await run();
  }
  await world.runTo(now);
}

async function join(actors: Actors, cast: Cast): Promise<void> {
  await actors.join(cast, demoIdentities.find(({ handle }) => handle === cast.handle)?.phrase);
  await introduceToBilling(await actors.as(cast.handle), cast.handle);
}

/** Imports a batch and notes the offerings' ids by provider and reference. */
async function list(actors: Actors, batch: Batch, offerings: Map<string, string>): Promise<void> {
  const provider = await actors.as(batch.provider);
  const text = JSON.stringify(batch.rows);
  await provider.ask(endpoints.offerings.import, { body: { format: 'json', text } });
  const { items } = await provider.ask(endpoints.offerings.listOwn, {
    query: { limit: MOST_OWN_OFFERINGS },
  });
  for (const { id, reference } of items) offerings.set(`${batch.provider}/${reference ?? id}`, id);
}

async function reprice(
  actors: Actors,
  { provider: handle, prices }: Repricing,
  offerings: Map<string, string>,
): Promise<void> {
  for (const [reference, price] of Object.entries(prices)) {
    const name = `${handle}/${reference}`;
    const { provider, params, offering } = await ownOffering(actors, offerings, name);
    const price_e9s = (readDecimal(price) ?? 0n).toString();
    const body = { version: offering.version, offering: { ...offering, price_e9s } };
    await provider.ask(endpoints.offerings.change, { params, body });
  }
}

async function ownOffering(actors: Actors, offerings: Map<string, string>, name: string) {
  const provider = await actors.as(name.split('/')[0] ?? '');
  const params = { offering_id: idOf(offerings, name) };
  const offering: OwnOfferingView = await provider.ask(endpoints.offerings.getOwn, { params });
  return { provider, params, offering };
}

function idOf(offerings: Map<string, string>, name: string): string {
  const id = offerings.get(name);
  if (id === undefined) throw new Error(`No offering is called ${name}`);
  return id;
}

async function signRules(actors: Actors, offerings: Map<string, string>): Promise<void> {
  for (const [name, hours] of Object.entries(autoAccepted)) {
    const { provider, offering } = await ownOffering(actors, offerings, name);
    await setAutoAccept(provider, offering, hours);
  }
}

async function archive(actors: Actors, offerings: Map<string, string>): Promise<void> {
  for (const [name, fate] of Object.entries(shelf)) {
    if (fate === 'archived') await shelve(actors, offerings, name, 'archive');
  }
}

async function shelve(
  actors: Actors,
  offerings: Map<string, string>,
  name: string,
  action: OfferingMove,
): Promise<void> {
  const { provider, params, offering } = await ownOffering(actors, offerings, name);
  const body = { action, version: offering.version };
  await provider.ask(endpoints.offerings.move, { params, body });
}

async function readNotices(actors: Actors, everybody: readonly Cast[]): Promise<void> {
  for (const { handle } of everybody) {
    const reader = await actors.as(handle);
    await reader.ask(endpoints.notices.read, { body: { all: true } });
  }
}

function eventsOf(
  world: World,
  actors: Actors,
  offerings: Map<string, string>,
  story: Story,
  requested_at: string,
): Event[] {
  const { renter, offering, steps } = story;
  const [provider = ''] = offering.split('/');
  let contract_id = '';
  let at = requested_at;
  const asked: Event = {
    at,
    async run() {
      const client = await actors.as(renter);
      contract_id = await request(world, client, idOf(offerings, offering), story);
    },
  };
  const taken = steps.map((step): Event => {
    at = addHours(at, step.after);
    const run = async () =>
      take(world, await actors.as(step.side === 'renter' ? renter : provider), contract_id, step);
    return { at, run };
  });
  return [asked, ...taken];
}
