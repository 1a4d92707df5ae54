/** Where a contract's machine is, as its provider signed it; the service is not believed. */
import { createHash } from 'node:crypto';
import { verifyEvidence } from '@berth/sdk';
import { detailsPart, requestPart, type DetailsPart } from '@berth/shared/contracts/schemas';
import type { Evidence } from '@berth/shared/signing/evidence';
import { stop } from './exits.ts';

export interface Place extends DetailsPart {
  /** The public key that the renter asked to be let in with. */
  ssh_public_key: string | null;
}

/** Throws unless the log verifies and is this contract's: its id is the hash of the request. */
async function prove(evidence: Evidence, contract_id: string): Promise<void> {
  const verdict = await verifyEvidence(evidence);
  if (!verdict.ok) throw stop('broken', `The log does not verify. ${verdict.sentence}`);
  if (evidence.subject_id !== contract_id) throw stop('broken', 'It is another contract’s log.');
}

const requestOf = ({ entries }: Evidence) => requestPart.safeParse(entries[0]?.private?.part);

/**
 * The newest details of a contract, proven by its log: the log is named by the contract's id, which
 * is the hash of the renter's request, and that names the key which signed the details.
 */
export async function provenPlace(evidence: Evidence, contract_id: string): Promise<Place> {
  await prove(evidence, contract_id);
  const posted = evidence.entries.findLast(({ statement: { action } }) =>
    ['mark_provisioned', 'rotate_credentials'].includes(action),
  );
  if (posted === undefined) throw stop('refused', 'The provider has posted no machine yet.');
  const details = detailsPart.safeParse(posted.private?.part);
  if (!details.success) {
    throw stop('refused', 'Where to connect is not shown yet, or was erased: berth credentials');
  }
  const { data } = requestOf(evidence);
  return { ...details.data, ssh_public_key: data?.ssh_public_key ?? null };
}

/** Whom to let in, proven likewise: a key that the service said would let the service in. */
export async function provenKey(evidence: Evidence, contract_id: string): Promise<string | null> {
  await prove(evidence, contract_id);
  const { success, data } = requestOf(evidence);
  if (!success) throw stop('refused', 'What the renter asked for is not shown, or was erased.');
  return data.ssh_public_key;
}

/** The key that signed that it is being set up: a device's of the provider; null before that. */
export async function provenBeginner(
  evidence: Evidence,
  contract_id: string,
): Promise<string | null> {
  await prove(evidence, contract_id);
  const begun = evidence.entries.find(({ statement }) => statement.action === 'start_provisioning');
  return begun?.key ?? null;
}

/** The host key among what ssh-keyscan found that has the signed fingerprint: `type base64`. */
export function pinnedKey(scanned: string, fingerprint: string): string | null {
  for (const line of scanned.split('\n')) {
    const [, type, key] = /^\S+ ([a-z0-9@.-]+) ([A-Za-z0-9+/=]+)$/.exec(line.trim()) ?? [];
    if (type === undefined || key === undefined) continue;
    const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
    if (`SHA256:${digest.replace(/=+$/, '')}` === fingerprint) return `${type} ${key}`;
  }
  return null;
}

/** What ssh is given. Nothing is read by a shell, and the address stands after all options. */
export function sshWords(
  { address, port, username }: Place,
  files: { known_hosts: string | null; alias: string; identity: string | null },
): string[] {
  const { known_hosts, alias, identity } = files;
  const options = {
    ...{ ForwardAgent: 'no', ForwardX11: 'no', ClearAllForwardings: 'yes' },
    ...{ PermitLocalCommand: 'no', UpdateHostKeys: 'no' },
    ...(identity === null ? {} : { IdentitiesOnly: 'yes' }),
    ...(known_hosts === null
      ? { StrictHostKeyChecking: 'ask' }
      : {
          ...{ StrictHostKeyChecking: 'yes', HostKeyAlias: alias },
          ...{ UserKnownHostsFile: `"${known_hosts}"`, GlobalKnownHostsFile: '/dev/null' },
        }),
  };
  return [
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...(identity === null ? [] : ['-i', identity]),
    ...['-p', String(port), '-l', username, '--', address],
  ];
}
