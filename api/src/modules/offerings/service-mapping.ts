import type * as z from 'zod';
import { makeId } from '@berth/shared/ids';
import {
  importMapping,
  MAX_MAPPINGS,
  type importInput,
  type ImportMapping,
  type mappingInput,
  type mappingView,
} from '@berth/shared/offerings/mapping';
import { problem } from '@berth/shared/problems';
import type { ReadCtx, WriteCtx } from '../../context.ts';
import type { AccountActor } from '../../lib/actor.ts';
import { lockAccount } from './repo.ts';
import {
  deleteMapping,
  findMappingRow,
  insertMapping,
  listMappingRows,
  updateMapping,
  type MappingRow,
} from './repo-mapping.ts';

type Input = z.output<typeof mappingInput>;
type View = z.output<typeof mappingView>;

/** The mapping that was sent or named; null where the file names its columns as we do. */
export async function findMapping(
  { db }: Pick<ReadCtx, 'db'>,
  actor: AccountActor,
  { mapping, mapping_id }: z.output<typeof importInput>,
): Promise<ImportMapping | null> {
  if (mapping_id === undefined) return mapping ?? null;
  const row = await findMappingRow(db, actor, mapping_id);
  if (!row) throw problem('request.not_found');
  return importMapping.parse(JSON.parse(row.mapping));
}

export async function listMappings({ db }: Pick<ReadCtx, 'db'>, actor: AccountActor) {
  return { items: (await listMappingRows(db, actor)).map(viewOf) };
}

/** Throws `account.too_many`, and `request.invalid` for a name already used. */
export async function createMapping(
  { tx, clock }: WriteCtx,
  actor: AccountActor,
  { name, mapping }: Input,
): Promise<View> {
  await lockAccount(tx, actor);
  const others = await listMappingRows(tx, actor);
  if (others.length >= MAX_MAPPINGS) {
    throw problem('account.too_many', `An account keeps at most ${MAX_MAPPINGS} of these.`);
  }
  refuseName(others, name);
  const at = clock.now();
  const row: MappingRow = {
    id: makeId('import_mapping'),
    provider_id: actor.acting_for,
    name,
    mapping: JSON.stringify(mapping),
    created_at: at,
    updated_at: at,
  };
  await insertMapping(tx, row);
  return viewOf(row);
}

export async function changeMapping(
  { tx, clock }: WriteCtx,
  actor: AccountActor,
  id: string,
  { name, mapping }: Input,
): Promise<View> {
  await lockAccount(tx, actor);
  const before = await findMappingRow(tx, actor, id);
  if (!before) throw problem('request.not_found');
  refuseName(
    (await listMappingRows(tx, actor)).filter((row) => row.id !== id),
    name,
  );
  const row = { ...before, name, mapping: JSON.stringify(mapping), updated_at: clock.now() };
  await updateMapping(tx, row);
  return viewOf(row);
}

export async function removeMapping(
  { tx }: WriteCtx,
  actor: AccountActor,
  id: string,
): Promise<void> {
  if (!(await deleteMapping(tx, actor, id))) throw problem('request.not_found');
}

function refuseName(others: readonly MappingRow[], name: string): void {
  if (!others.some((row) => row.name === name)) return;
  const message = 'Another of your mappings has this name';
  throw problem('request.invalid', message, { errors: [{ pointer: '/name', message }] });
}

const viewOf = ({ id, name, mapping, created_at, updated_at }: MappingRow): View => ({
  id,
  name,
  mapping: importMapping.parse(JSON.parse(mapping)),
  created_at,
  updated_at,
});
