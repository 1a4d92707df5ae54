import { countries } from '../offerings/catalogue.ts';
import { foldName } from './fold.ts';
import { regionWords } from './regions.ts';

/** An order that a phrase asks for. */
export type SaidSort = 'price' | 'newest';

/**
 * What people say, in the singular, and what it means as a query: by this one table plain words are
 * understood. Spaces, hyphens and capitals make no difference, and the longest phrase counts.
 */
export const phraseTable: readonly (readonly [means: string, said: string])[] = [
  [
    'kind:gpu',
    'gpu, gpu server, gpu machine, gpu instance, gpu cloud, gpu hosting, gpu rental, gpu compute,' +
      ' gpu vps, gpu cluster, cloud gpu, dedicated gpu, graphics card, video card, graphics processor',
  ],
  [
    'kind:gpu virtualization:bare_metal',
    'dedicated gpu server, gpu dedicated server, bare metal gpu, bare metal gpu server',
  ],
  [
    'kind:compute',
    'vps, vm, virtual server, virtual machine, virtual private server, cloud server, cloud vps,' +
      ' cloud instance, cloud compute, vps server, vps hosting, vserver, compute',
  ],
  [
    'kind:dedicated',
    'dedicated, dedicated server, dedicated machine, dedicated hosting, root server,' +
      ' physical server, dedi',
  ],
  [
    'kind:storage',
    'storage, storage server, storage box, object storage, block storage, file storage,' +
      ' cloud storage, backup storage, backup space',
  ],
  [
    'kind:hosting',
    'hosting, web hosting, web space, web host, website hosting, shared hosting, managed hosting',
  ],
  ['kind:network', 'network, networking, network service, ip transit, transit'],
  ['kind:gpu,compute,dedicated', 'server, machine, instance'],
  ['feature:"Private network"', 'private network'],
  [
    'gpu_vendor:nvidia',
    'nvidia, geforce, cuda, nvidia gpu, nvidia card, nvidia graphics card, nvidia geforce,' +
      ' nvidia cuda, cuda gpu',
  ],
  ['gpu_vendor:amd', 'amd gpu, amd graphics card, radeon, amd radeon, amd instinct, rocm'],
  ['gpu_vendor:intel', 'intel gpu, intel graphics card, intel arc'],
  ['(gpu_vendor:amd or cpu:EPYC or cpu:Ryzen or cpu:Threadripper or cpu:AMD)', 'amd'],
  ['(gpu_vendor:intel or cpu:Xeon or cpu:Core or cpu:Intel)', 'intel'],
  ['cpu:EPYC', 'epyc, amd epyc'],
  ['cpu:Ryzen', 'ryzen, amd ryzen'],
  ['cpu:Threadripper', 'threadripper, amd threadripper, ryzen threadripper'],
  ['cpu:Xeon', 'xeon, intel xeon'],
  ['gpu_interconnect:nvlink,sxm', 'nvlink'],
  ['gpu_interconnect:sxm', 'sxm'],
  ['virtualization:bare_metal', 'bare metal, bare metal server'],
  ['virtualization:kvm', 'kvm'],
  ['virtualization:lxc', 'lxc'],
  ['virtualization:container', 'container'],
  ['disk_kind:nvme', 'nvme, nvme ssd, nvme disk, nvme storage, nvme drive'],
  ['disk_kind:ssd,nvme', 'ssd, ssd disk, ssd storage, ssd drive'],
  ['disk_kind:hdd', 'hdd, hdd storage, hard disk, hard drive'],
  ['unmetered:yes', 'unmetered, unlimited traffic, unlimited bandwidth, unmetered bandwidth'],
  ['stock:>=1', 'in stock, available, available now'],
  ['auto_accept:yes', 'instant, instantly, at once, immediately, no waiting, instant setup'],
  ['commitment:spot', 'spot, spot instance, interruptible, preemptible'],
  ['commitment:on_demand', 'on demand'],
  ['commitment:reserved', 'reserved, reserved instance'],
  ['on_chain:yes', 'on chain'],
  ['region:europe', 'european'],
  ['region:eu', 'eu'],
  ['country:US', 'us, usa, america, united states of america'],
  ['country:GB', 'uk, britain, great britain, england'],
  ['country:NL', 'holland, nl'],
  ['country:DE', 'german, deutschland'],
  ['country:CH', 'swiss'],
  ['country:KR', 'korea'],
  ['country:AE', 'uae, emirates'],
  ['country:CZ', 'czech republic'],
  ['country:HK', 'hong kong'],
  ['country:TR', 'turkey'],
  ['"new jersey"', 'new jersey'],
  ['"new mexico"', 'new mexico'],
  [
    'os:Ubuntu or os:Debian or os:Rocky or os:AlmaLinux or os:CentOS or os:Fedora or os:Linux',
    'linux',
  ],
  ['os:Rocky', 'rocky'],
  ['os:Windows', 'windows'],
  ['os:"Red Hat"', 'red hat, rhel'],
];

/** Systems by the name that offerings have for them; a version may follow. */
export const systems: readonly string[] = [
  ...[
    'Ubuntu',
    'Debian',
    'Fedora',
    'CentOS',
    'AlmaLinux',
    'FreeBSD',
    'OpenBSD',
    'Proxmox',
    'NixOS',
  ],
  ...['openSUSE', 'Alpine', 'Arch Linux', 'Rocky Linux', 'Windows Server', 'Windows'],
];

export const sortTable: readonly (readonly [sort: SaidSort, said: string])[] = [
  [
    'price',
    'cheap, cheaper, cheapest, low cost, low price, lowest price, inexpensive, affordable, budget',
  ],
  ['newest', 'newest, latest'],
];

/** The phrases of a row of a table. */
export const phrasesIn = (said: string): string[] => said.split(', ');

export type Said = { type: 'query'; means: string } | { type: 'sort'; sort: SaidSort };

let known: Map<string, Said> | undefined;

function makeKnown(): Map<string, Said> {
  const found = new Map<string, Said>();
  const add = (phrase: string, said: Said) => found.set(foldName(phrase), said);
  for (const { code, name } of countries()) add(name, { type: 'query', means: `country:${code}` });
  for (const [name, label] of Object.entries(regionWords)) {
    add(label, { type: 'query', means: `region:${name}` });
  }
  for (const name of systems) add(name, { type: 'query', means: `os:"${name}"` });
  for (const [means, said] of phraseTable) {
    for (const phrase of phrasesIn(said)) add(phrase, { type: 'query', means });
  }
  for (const [sort, said] of sortTable) {
    for (const phrase of phrasesIn(said)) add(phrase, { type: 'sort', sort });
  }
  return found;
}

/** What a phrase, in one number or the other, means by the table; null where it is not in it. */
export function findPhrase(words: readonly string[]): Said | null {
  known ??= makeKnown();
  const key = words.map(foldName).join('');
  const one = key.length > 3 && key.endsWith('s') ? key.slice(0, -1) : key;
  return known.get(key) ?? known.get(one) ?? null;
}
