import { canonical } from '@berth/shared/canonical';
import {
  serviceKeyText,
  type ServiceKeyRecord,
  type SignedServiceKey,
} from '@berth/shared/signing/service-key';
import type { Kysely, Transaction } from 'kysely';
import { startError } from '../lib/start-error.ts';
import type { ServiceKey } from '../lib/service-key.ts';
import { insertRow } from './compiled.ts';
import type { Schema } from './schema.ts';

/** The first key's date: it signed whatever was signed before its history was kept. */
const SINCE_EVER = '1970-01-01T00:00:00.000Z';

const selectKeys = (db: Kysely<Schema>) =>
  db.selectFrom('service_keys').orderBy('at').selectAll().execute();

/** The keys that the service has signed with, oldest first; the present one alone while new. */
export async function listServiceKeys(
  db: Kysely<Schema>,
  present: ServiceKey,
): Promise<SignedServiceKey[]> {
  const rows = await selectKeys(db);
  if (rows.length === 0) return [firstOf(present)];
  return rows.map(({ record, signature, key_signature }) => ({
    record: JSON.parse(record) as ServiceKeyRecord,
    signature,
    key_signature,
  }));
}

function firstOf(key: ServiceKey): SignedServiceKey {
  const record = { key: key.public_key, prev: null, at: SINCE_EVER };
  return { record, signature: null, key_signature: signed(key, record) };
}

const signed = (key: ServiceKey, record: ServiceKeyRecord): string =>
  key.sign(Buffer.from(serviceKeyText(record)));

const insertKey = (tx: Transaction<Schema>, { record, ...signatures }: SignedServiceKey) =>
  insertRow(tx, 'service_keys', {
    key: record.key,
    at: record.at,
    record: canonical(record),
    ...signatures,
  });

/**
 * Writes down the key that the service starts with. Throws a sentence for the operator where the
 * history ends with another: nobody could verify what this process would sign.
 */
export async function beginServiceKey(tx: Transaction<Schema>, key: ServiceKey): Promise<void> {
  const rows = await selectKeys(tx);
  const last = rows.at(-1);
  if (last === undefined) return insertKey(tx, firstOf(key));
  if (last.key !== key.public_key) {
    throw startError(
      `The service key is ${key.public_key}, but this database was signed with ${last.key} last. ` +
        'Put that key back, or replace it by: npm run admin -- rotate-service-key',
    );
  }
}

/** Whether this is the key that the service signs with now; so it is before its history begins. */
export async function isPresentKey(db: Kysely<Schema>, key: ServiceKey): Promise<boolean> {
  const last = (await selectKeys(db)).at(-1);
  return last === undefined || last.key === key.public_key;
}

/** Replaces the key from this time on; both sign that. Throws if `from` is not the present one. */
export async function replaceServiceKey(
  tx: Transaction<Schema>,
  { from, to, at }: { from: ServiceKey; to: ServiceKey; at: string },
): Promise<void> {
  await beginServiceKey(tx, from);
  const record = { key: to.public_key, prev: from.public_key, at };
  const signature = signed(from, record);
  await insertKey(tx, { record, signature, key_signature: signed(to, record) });
}
