import { contactRules, type ContactKind } from '@berth/shared/accounts/contacts';
import type { ProfileView } from '@berth/shared/accounts/schemas';
import { accounts } from '@berth/shared/accounts/endpoints';
import { openSystems } from '@berth/shared/contracts/choices';
import type { OfferingView } from '@berth/shared/offerings/schemas';
import { isProblem, type FieldError } from '@berth/shared/problems';
import { readSshPublicKey, type SshPublicKey } from '@berth/shared/ssh-key';
import { call } from '#lib/api.ts';
import { lengthError } from '#lib/features/offerings/lengths.ts';
import { restore } from './draft.ts';
import type { RequestAsk } from './send-request.ts';

/** A choice beside what the account holds. */
export const NEW = 'new';
export const NONE = 'none';
const KEY_LABEL_MAX = 60;

/** Which fields the API's pointers belong to. */
const pointers: Record<string, string> = {
  '/statement/data/hours': 'hours',
  '/statement/data/choices': 'operating_system',
  '/private/part/ssh_public_key': 'new_ssh_key',
  '/private/part/contact/value': 'new_contact',
  '/private/part/memo': 'memo',
};

type Field = 'hours' | 'operating_system' | 'ssh_key' | 'new_ssh_key' | 'new_contact' | 'memo';

/** What a request asks for beside the offering: values, choices from the account, and errors. */
export function makeRequestForm(
  offering: () => OfferingView,
  hours: number | undefined,
  typed: Record<string, unknown> | null,
) {
  const values = $state({
    hours: (hours ?? offering().min_hours) as number | null,
    operating_system: '',
    ssh_key: '',
    new_ssh_key: '',
    keeps_ssh_key: false,
    contact: NONE as string,
    new_contact_kind: 'email' as ContactKind,
    new_contact: '',
    memo: '',
  });
  if (typed !== null) restore(values, typed);
  let profile = $state.raw<Pick<ProfileView, 'ssh_keys' | 'contacts'> | null>(null);
  let profile_failure = $state('');
  let errors = $state.raw<Partial<Record<Field, string>>>({});

  const systems = $derived(openSystems(offering()));

  const isWhole = $derived(lengthError(values.hours, offering()) === undefined);

  const pasted = $derived(
    values.ssh_key === NEW && values.new_ssh_key.trim() !== ''
      ? readSshPublicKey(values.new_ssh_key)
      : null,
  );

  /** The key that would be sent, read; null for none or one that cannot be read. */
  const sshKey = $derived.by((): SshPublicKey | null => {
    const text = profile?.ssh_keys.find(({ id }) => id === values.ssh_key)?.public_key;
    const read = text === undefined ? pasted : readSshPublicKey(text);
    return read?.ok === true ? read.key : null;
  });

  const contact = $derived.by((): RequestAsk['contact'] => {
    if (values.contact === NEW) {
      return { kind: values.new_contact_kind, value: values.new_contact.trim() };
    }
    const kept = profile?.contacts.find(({ id }) => id === values.contact);
    return kept ? { kind: kept.kind, value: kept.value } : null;
  });

  /** What of the account is offered to choose from; a guest has nothing. */
  async function loadProfile(isGuest: boolean): Promise<void> {
    profile_failure = '';
    try {
      profile = isGuest ? { ssh_keys: [], contacts: [] } : await call(accounts.profile);
    } catch (error) {
      if (!isProblem(error)) throw error;
      profile_failure = error.message;
      return;
    }
    const { ssh_keys, contacts } = profile;
    const has = (kept: readonly { id: string }[], id: string) => kept.some((one) => one.id === id);
    const isPasted = values.ssh_key === NEW && values.new_ssh_key !== '';
    if (!isPasted && values.ssh_key !== NONE && !has(ssh_keys, values.ssh_key)) {
      values.ssh_key = ssh_keys[0]?.id ?? NEW;
    }
    if (values.contact !== NEW && !has(contacts, values.contact)) {
      values.contact = contacts[0]?.id ?? NONE;
    }
  }

  /** Whether it can be signed; else the errors say what to change. */
  function check(): boolean {
    const found: Partial<Record<Field, string>> = {};
    const hours_error = lengthError(values.hours, offering());
    if (hours_error !== undefined) found.hours = hours_error;
    if (systems.length > 0 && !systems.includes(values.operating_system)) {
      found.operating_system = 'Choose what is installed';
    }
    if (values.ssh_key === '') found.ssh_key = 'Choose a key, or none';
    if (values.ssh_key === NEW && !pasted?.ok) {
      found.new_ssh_key = pasted?.sentence ?? 'Paste your public key, or choose another way in';
    }
    const rule = contactRules[values.new_contact_kind];
    if (values.contact === NEW && !rule.pattern.test(values.new_contact.trim())) {
      found.new_contact = rule.message;
    }
    errors = found;
    return Object.keys(found).length === 0;
  }

  /** Shows the API's errors by field; false when none of them belongs to one. */
  function takeErrors(refused: readonly FieldError[]): boolean {
    const known = refused.filter(({ pointer }) => pointer in pointers);
    errors = Object.fromEntries(
      known.map(({ pointer, message }) => [pointers[pointer], message]),
    ) as Partial<Record<Field, string>>;
    return known.length > 0;
  }

  const ask = (): Omit<RequestAsk, 'pays_by'> => ({
    hours: values.hours ?? 0,
    choices: systems.length > 0 ? { operating_system: values.operating_system } : null,
    ssh_public_key: sshKey?.public_key ?? null,
    contact,
    memo: values.memo,
  });

  /**
   * Keeps a pasted key on the account where that was asked for; the request does not depend on it.
   */
  async function keepSshKey(): Promise<void> {
    if (!values.keeps_ssh_key || !pasted?.ok) return;
    const { public_key, comment, type } = pasted.key;
    const label = (comment || type).slice(0, KEY_LABEL_MAX);
    try {
      await call(accounts.addSshKey, { body: { label, public_key } });
    } catch (error) {
      if (!isProblem(error)) throw error;
    }
  }

  return {
    values,
    get profile() {
      return profile;
    },
    get profile_failure() {
      return profile_failure;
    },
    get errors() {
      return errors;
    },
    /** What is to be chosen among; empty where the terms leave nothing open. */
    get systems() {
      return systems;
    },
    get isWhole() {
      return isWhole;
    },
    get pasted() {
      return pasted;
    },
    get sshKey() {
      return sshKey;
    },
    get contact() {
      return contact;
    },
    loadProfile,
    check,
    takeErrors,
    ask,
    keepSshKey,
  };
}

export type RequestForm = ReturnType<typeof makeRequestForm>;
