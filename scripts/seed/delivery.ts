/** What a provider of the demo hands over: where to connect, how, and the sealed secrets. */
import { createHash, randomBytes } from 'node:crypto';
import { writeCredentials } from '@berth/shared/contracts/credentials';
import type { ContractView, DetailsPart } from '@berth/shared/contracts/schemas';
import type { OfferingKind } from '@berth/shared/offerings/schemas';

interface Delivery {
  port: number;
  username: string;
  instructions: string;
  /** The labels of the secrets. */
  secrets: string[];
}

const SSH = 'Sign in with the SSH key of your request:\n\n    ssh {username}@{address}\n\n';

const deliveries: Record<OfferingKind, Delivery> = {
  gpu: {
    port: 22,
    username: 'ubuntu',
    instructions: `${SSH}Check the cards with nvidia-smi or rocm-smi. Fast disks are at /scratch.`,
    secrets: ['Password for sudo', 'Jupyter token'],
  },
  compute: {
    port: 22,
    username: 'root',
    instructions: `${SSH}The firewall is closed but for SSH; open ports in the panel.`,
    secrets: ['Root password', 'Panel password'],
  },
  dedicated: {
    port: 22,
    username: 'root',
    instructions: `${SSH}The management controller answers on the same network, over the VPN.`,
    secrets: ['Root password', 'BMC password', 'VPN key'],
  },
  storage: {
    port: 443,
    username: 'vault',
    instructions: 'Point your client at https://{address}. SFTP and rsync take the same user.',
    secrets: ['Access key', 'Secret key'],
  },
  network: {
    port: 179,
    username: 'noc',
    instructions: 'Your side of the session is below; ours comes up when yours does.',
    secrets: ['BGP password', 'Portal password'],
  },
  hosting: {
    port: 443,
    username: 'admin',
    instructions: 'Open https://{address} and choose a password of your own first.',
    secrets: ['First password'],
  },
};

const hashOf = (text: string) => createHash('sha256').update(text).digest();
const makeSecret = () => randomBytes(15).toString('base64url');

/** A host below `.example`, which belongs to nobody (RFC 2606); the same for the same contract. */
function addressOf({ contract_id, provider, terms }: ContractView): string {
  const [first = 0] = hashOf(contract_id);
  const city = terms.city.normalize('NFD').replace(/[^a-z]/gi, '');
  return `${city.slice(0, 3).toLowerCase()}${first}.${provider.handle}.example`;
}

/** The details of a contract's delivery, and the text to seal beside them. */
export function deliver(view: ContractView): { details: DetailsPart; secret: string } {
  const { port, username, instructions, secrets } = deliveries[view.terms.kind];
  const address = addressOf(view);
  const fingerprint = hashOf(address).toString('base64').replace(/=+$/, '');
  const words: Record<string, string> = { address, username };
  return {
    details: {
      ...{ address, port, username },
      host_key_fingerprint: port === 22 ? `SHA256:${fingerprint}` : null,
      instructions: instructions.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? ''),
    },
    secret: writeCredentials({
      fields: secrets.map((label) => ({ label, value: makeSecret() })),
      note: `For ${view.renter.display_name}, from ${view.provider.display_name}.`,
    }),
  };
}
