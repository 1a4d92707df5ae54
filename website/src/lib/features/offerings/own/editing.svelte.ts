import { offerings } from '@berth/shared/offerings/endpoints';
import type { OwnOfferingView } from '@berth/shared/offerings/schemas';
import { isProblem, problem, type FieldError } from '@berth/shared/problems';
import { SvelteSet } from 'svelte/reactivity';
import { call } from '#lib/api.ts';
import { makeForm, type FormAttempt } from '#lib/ui/form.svelte.ts';
import {
  emptySheet,
  inputOf,
  isSameSheet,
  mergeSheets,
  sheetOf,
  type Change,
  type Sheet,
} from './sheet.ts';

/** The check brings a validator with it, so that it comes only where something is written. */
const errorsOf = async (sheet: Sheet): Promise<FieldError[]> =>
  (await import('./check.ts')).errorsOf(sheet);

const withoutPrefix = ({ pointer, message }: FieldError): FieldError => ({
  pointer: pointer.replace(/^\/offering(?=\/)/, ''),
  message,
});

/**
 * The form of one offering, new or present. `saved` runs with what the API keeps after each save.
 * Whoever changed it in the meantime: edits stay, the rest follows, and `changes` says what it was.
 */
export function makeEditing(
  start: OwnOfferingView | null,
  saved: (offering: OwnOfferingView) => Promise<void>,
) {
  let base = $state.raw(start);
  let before = $state.raw(start ? sheetOf(start) : emptySheet());
  let changes = $state.raw<readonly Change[]>([]);
  const touched = new SvelteSet<string>();
  const form = makeForm(structuredClone(before), send);
  const isDirty = $derived(!isSameSheet(before, form.values));

  $effect(() => {
    const sheet = $state.snapshot(form.values);
    const shown = [...touched];
    if (shown.length > 0) void look(sheet, shown);
  });

  async function look(sheet: Sheet, shown: readonly string[]) {
    const errors = await errorsOf(sheet);
    form.refuse(errors.filter(({ pointer }) => shown.includes(pointer.slice(1))));
  }

  /** Takes over what the offering has become; edits made here stay. */
  function rebase(now: OwnOfferingView) {
    if (base && now.version < base.version) return;
    const theirs = sheetOf(now);
    // A page that is loaded again has nothing to say of what was typed and refused.
    if (isSameSheet(before, theirs)) return void (base = now);
    const merged = mergeSheets(before, $state.snapshot(form.values), theirs);
    if (isDirty) changes = merged.changes;
    Object.assign(form.values, merged.sheet);
    base = now;
    before = theirs;
  }

  async function send(sheet: Sheet, { idempotency_key }: FormAttempt) {
    for (const name of Object.keys(sheet)) touched.add(name);
    const errors = await errorsOf(sheet);
    if (errors.length > 0) throw problem('request.invalid', undefined, { errors });
    const kept = await write(sheet, idempotency_key);
    base = kept;
    before = sheetOf(kept);
    Object.assign(form.values, structuredClone(before));
    changes = [];
    touched.clear();
    await saved(kept);
  }

  async function write(sheet: Sheet, idempotency_key: string): Promise<OwnOfferingView> {
    const input = inputOf(sheet);
    if (!base) {
      return call(offerings.create, { body: input }, { idempotency_key });
    }
    const { id, version } = base;
    const params = { offering_id: id };
    try {
      const body = { version, offering: input };
      return await call(offerings.change, { params, body }, { idempotency_key });
    } catch (error) {
      if (!isProblem(error)) throw error;
      const { code, errors, detail } = error.problem;
      if (code === 'offering.moved') rebase(await call(offerings.getOwn, { params }));
      if (errors) throw problem(code, detail, { errors: errors.map(withoutPrefix) });
      throw error;
    }
  }

  return {
    form,
    sheet: form.values,
    get base() {
      return base;
    },
    get isDirty() {
      return isDirty;
    },
    get changes() {
      return changes;
    },
    /** From now on a mistake in this field is shown. */
    touch: (name: string) => void touched.add(name),
    errorOf: (name: keyof Sheet) => form.errorAt(`/${name}`),
    rebase,
    /** Forgets what was edited in a field, for what it has become. */
    takeTheirs(name: keyof Sheet) {
      Object.assign(form.values, { [name]: structuredClone(before[name]) });
      changes = changes.filter((change) => change.name !== name);
    },
    revert() {
      Object.assign(form.values, structuredClone(before));
      changes = [];
      touched.clear();
      form.refuse([]);
    },
  };
}

export type Editing = ReturnType<typeof makeEditing>;
