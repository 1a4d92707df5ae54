import type { evidenceView } from '@berth/shared/contracts/schemas';
import { termsSchema } from '@berth/shared/offerings/schemas';
import { authorityOf } from '@berth/shared/signing/authority';
import type { AutoAcceptRule } from '@berth/shared/signing/auto-accept';
import type { Delegation } from '@berth/shared/signing/delegation';
import { signerOf, type KeyEvent } from '@berth/shared/signing/key-events';
import { eventsAbout } from '@berth/shared/signing/key-history';
import type { AnyStatement } from '@berth/shared/signing/statement';
import * as z from 'zod';
import type { ReadCtx } from '../../context.ts';
import {
  getContract,
  type ContractRow,
  type SeenContract,
  type Side,
} from '../../db/contract-rows.ts';
import { listServiceKeys } from '../../db/service-keys.ts';
import { SYSTEM } from '../../engine/entry.ts';
import { seenBySystem, type AccountActor } from '../../lib/actor.ts';
import { findAnyContract, sideOf, termsOfContract } from '../contracts/index.ts';
import { listKeyEvents, listRevocations } from '../keys/index.ts';
import { mapInTurns } from '../../lib/turns.ts';
import { listEntries } from './repo.ts';

type Reads = Pick<ReadCtx, 'db' | 'clock' | 'config' | 'serviceKey'>;

/** The log with all that is needed to verify it offline, for one of its parties. */
export async function getEvidence(
  ctx: Reads,
  actor: AccountActor,
  contract_id: string,
): Promise<z.output<typeof evidenceView>> {
  const row = await getContract(ctx.db, actor, contract_id);
  return evidenceOf(ctx, row, sideOf(row, actor));
}

/** The same for whoever may read the database: the invariants' checker. */
export async function contractEvidence(ctx: Reads, contract_id: string) {
  const row = await findAnyContract(ctx.db, contract_id);
  return row && evidenceOf(ctx, seenBySystem(row), SYSTEM);
}

/** What proves to the provider's browser which key it seals to, so that it need not believe us. */
export async function viewRecipient(
  ctx: Reads,
  actor: AccountActor,
  contract_id: string,
): Promise<z.output<typeof evidenceView>> {
  const row = await getContract(ctx.db, actor, contract_id);
  const [first, events] = await Promise.all([
    listEntries(ctx.db, row, sideOf(row, actor), 1),
    listKeyEvents(ctx.db, [row.renter_id]),
  ]);
  return fileOf(ctx, row, first.map(entryOf), events);
}

async function evidenceOf(
  ctx: Reads,
  row: SeenContract,
  reader: Side | typeof SYSTEM,
): Promise<z.output<typeof evidenceView>> {
  const entries = await mapInTurns(await listEntries(ctx.db, row, reader), entryOf);
  const [events, revocations] = await Promise.all([
    listKeyEvents(ctx.db, [row.renter_id, row.provider_id]),
    listRevocations(ctx.db, [...new Set(entries.map(({ key }) => key))]),
  ]);
  return fileOf(ctx, row, entries, eventsOf(row, entries, [...events, ...revocations]));
}

async function fileOf(
  { db, config, serviceKey }: Reads,
  row: ContractRow,
  entries: Entry[],
  key_events: KeyEvent[],
): Promise<z.output<typeof evidenceView>> {
  const { contract_id } = row;
  const [terms, service_keys] = await Promise.all([
    termsOfContract(db, row),
    listServiceKeys(db, serviceKey),
  ]);
  return {
    format: 'berth/evidence/v2',
    subject_kind: 'contract',
    subject_id: contract_id,
    audience: config.public_origin,
    service_keys,
    terms: z.encode(termsSchema, terms),
    entries,
    key_events,
  };
}

const entryOf = (entry: Awaited<ReturnType<typeof listEntries>>[number]) => ({
  statement: JSON.parse(entry.statement) as AnyStatement,
  signature: entry.signature,
  key: entry.key,
  authority: authorityOf(
    entry.delegation && entry.delegation_signature
      ? {
          delegation: JSON.parse(entry.delegation) as Delegation,
          signature: entry.delegation_signature,
        }
      : null,
  ),
  private:
    entry.salt && entry.part
      ? { salt: entry.salt, part: JSON.parse(entry.part) as Record<string, unknown> }
      : null,
});
type Entry = ReturnType<typeof entryOf>;

/** Of what the parties signed about their keys, what this log needs: however many they had. */
function eventsOf(row: ContractRow, entries: Entry[], events: readonly KeyEvent[]): KeyEvent[] {
  const statements = entries.map(({ statement }) => statement);
  const recipients = new Set(statements.map(({ data }) => data.recipient_key));
  const publishers = events
    .filter(({ said }) => 'encryption_key' in said && recipients.has(said.encryption_key))
    .map(signerOf);
  const ruled = statements.map(
    ({ data }) => (data.rule as AutoAcceptRule | undefined)?.provider_key,
  );
  const keys = [
    row.renter_key,
    row.provider_key,
    ...publishers,
    ...statements.map(({ by }) => by),
    ...ruled.filter((key) => key !== undefined),
  ];
  return eventsAbout({ keys, device_keys: entries.map(({ key }) => key) }, events);
}
