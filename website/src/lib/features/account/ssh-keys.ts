import { accounts } from '@berth/shared/accounts/endpoints';
import type { ProfileView } from '@berth/shared/accounts/schemas';
import type { SshKeyForm } from '@berth/shared/ssh-key-forms';
import { call } from '#lib/api.ts';
import { downloadText } from '#lib/download.ts';

export type SshKeyView = ProfileView['ssh_keys'][number];

const taken: Record<SshKeyForm, string> = {
  line: '',
  ssh2: 'Taken from an SSH2 file: ',
  putty: 'Only the public half of the PuTTY file is taken: ',
};

/**
 * What one says about an SSH key while it is typed: what it is, and the line to keep in place of
 * what was pasted, or what is wrong with it.
 */
export async function describeSshKey(
  text: string,
): Promise<{ ok: true; words: string; line: string } | { ok: false; sentence: string }> {
  const { readSshPublicKey } = await import('@berth/shared/ssh-key');
  const read = readSshPublicKey(text);
  if (!read.ok) return read;
  const { type, bits, fingerprint, public_key, comment } = read.key;
  const words = `${taken[read.form]}${type}, ${bits} bits, ${fingerprint}`;
  return { ok: true, words, line: `${public_key} ${comment}`.trim() };
}

/** Keeps an SSH public key on the account. */
export const addSshKey = (
  body: { label: string; public_key: string },
  idempotency_key?: string,
): Promise<SshKeyView> =>
  call(accounts.addSshKey, { body }, idempotency_key ? { idempotency_key } : {});

/** A key that was made in this browser; only the person gets the private half. */
export interface MadeSshKey {
  view: SshKeyView;
  private_key: string;
}

/** Makes an SSH key in this browser and keeps its public half on the account. */
export async function makeSshKey(label: string): Promise<MadeSshKey> {
  const { makeSshKeyPair } = await import('@berth/shared/ssh-key');
  const { key, private_key } = makeSshKeyPair(label);
  return { view: await addSshKey({ label, public_key: key.public_key }), private_key };
}

/** Gives the person the private half as a file; answers the file's name. */
export function downloadSshKey({ view, private_key }: MadeSshKey): string {
  const words = view.label.toLowerCase().match(/[a-z0-9]+/g) ?? ['key'];
  const name = `berth-${words.join('-')}`;
  downloadText(name, private_key);
  return name;
}
