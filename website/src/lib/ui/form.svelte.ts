import { isProblem, type FieldError } from '@berth/shared/problems';
import { tick } from 'svelte';

export interface FormAttempt {
  /** The same for a repeat of the same values after a lost answer, so that it counts once. */
  idempotency_key: string;
}

/**
 * A form's values, its errors by field and its one running submit.
 * `const form = makeForm({ handle: '' }, (values, attempt) => call(...))`, then
 * `<form onsubmit={form.submit} novalidate>`, `bind:value={form.values.handle}`,
 * `error={form.errorAt('/handle')}`, `loading={form.submitting}` and `form.failure` above the
 * button.
 */
export function makeForm<Values extends object>(
  initial: Values,
  send: (values: Values, attempt: FormAttempt) => Promise<void>,
) {
  const values = $state(initial);
  let errors = $state.raw<readonly FieldError[]>([]);
  let failure = $state('');
  let submitting = $state(false);
  let unanswered: { sent: string; idempotency_key: string } | undefined;

  function keyFor(sent: string): string {
    return unanswered?.sent === sent ? unanswered.idempotency_key : crypto.randomUUID();
  }

  function refuse(error: unknown, sent: string, idempotency_key: string) {
    if (!isProblem(error)) throw error;
    const { problem } = error;
    if (problem.status === 503) unanswered = { sent, idempotency_key };
    errors = problem.errors ?? [];
    failure = errors.length > 0 ? problem.title : error.message;
  }

  async function submit(event?: SubmitEvent) {
    event?.preventDefault();
    const element = event?.currentTarget as HTMLFormElement | undefined;
    if (submitting) return;
    submitting = true;
    errors = [];
    failure = '';
    const plain = $state.snapshot(values) as Values;
    const sent = JSON.stringify(plain);
    const idempotency_key = keyFor(sent);
    unanswered = undefined;
    try {
      await send(plain, { idempotency_key });
    } catch (error) {
      refuse(error, sent, idempotency_key);
    } finally {
      submitting = false;
    }
    if (errors.length === 0) return;
    await tick();
    element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  return {
    values,
    get failure() {
      return failure;
    },
    get submitting() {
      return submitting;
    },
    /** The message for a field, by JSON pointer: `/handle`, `/specs/memory_gib`. */
    errorAt: (pointer: string): string | undefined =>
      errors.find((error) => error.pointer === pointer)?.message,
    /** Errors found here, before anything is sent. */
    refuse(found: readonly FieldError[]) {
      errors = found;
    },
    submit,
  };
}
