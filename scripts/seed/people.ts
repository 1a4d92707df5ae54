import type { ContactKind } from '@berth/shared/accounts/contacts';
import type { Currency } from '@berth/shared/money';

/** Somebody of the demo; none of them is a real company or person. */
export interface Cast {
  handle: string;
  name: string;
  about: string;
  /** Days before the present that the account was made. */
  joined: number;
  contacts: [ContactKind, string][];
  /** The labels of the SSH keys on the account. */
  ssh_keys: string[];
}

export interface ProviderCast extends Cast {
  currency: Currency;
  /** Hours until it answers at most, and until a resource is set up at most. */
  answers_in: number;
  sets_up_in: number;
}

const provider = (
  [handle, name, currency]: [string, string, Currency],
  [joined, answers_in, sets_up_in]: [number, number, number],
  about: string,
  contacts: [ContactKind, string][] = [],
): ProviderCast => ({
  ...{ handle, name, currency, joined, answers_in, sets_up_in, about },
  contacts: [['email', `desk@${handle}.example`], ...contacts],
  ssh_keys: [],
});

export const providers: readonly ProviderCast[] = [
  provider(
    ['lowland-metal', 'Lowland Metal', 'EUR'],
    [75, 48, 24],
    'GPU nodes and whole servers in Amsterdam and Frankfurt. Four people, eleven racks, and ' +
      'the one who answers you is the one who plugs it in. Weekdays we answer within two hours.',
    [
      ['matrix', '@desk:lowland-metal.example'],
      ['phone', '+31 20 555 0142'],
    ],
  ),
  provider(
    ['isbre-compute', 'Isbre Compute', 'EUR'],
    [74, 24, 48],
    'Large accelerators where the power is clean and cheap: hydropower in Narvik and Luleå. ' +
      'Whole nodes are bare metal, and nothing of ours runs on them.',
  ),
  provider(
    ['dry-creek-data', 'Dry Creek Data', 'USD'],
    [73, 24, 12],
    'GPU clusters for training teams in Dallas and Tulsa. Fast storage beside every node, and ' +
      'engineers who have trained models themselves.',
    [['discord', 'drycreek.desk']],
  ),
  provider(
    ['copper-mesa', 'Copper Mesa Compute', 'USD'],
    [72, 12, 6],
    'Consumer cards by the hour for rendering, inference and students. Containers, ready in ' +
      'minutes, priced so that you need not think twice.',
    [['telegram', '@copper_mesa_desk']],
  ),
  provider(
    ['pinefall', 'Pinefall Systems', 'USD'],
    [71, 24, 12],
    'Canadian cloud for teams whose data should stay in Canada: virtual servers, GPUs and ' +
      'managed databases in Montréal and Toronto.',
  ),
  provider(
    ['kestrel-racks', 'Kestrel Racks', 'GBP'],
    [70, 24, 24],
    'Dedicated servers, transit and managed clusters in London and Manchester since 2011. ' +
      'Real engineers pick up the phone.',
    [['phone', '+44 20 7946 0857']],
  ),
  provider(
    ['alpenrack', 'Alpenrack', 'CHF'],
    [70, 24, 24],
    'Swiss servers and storage for those who must know exactly where their data lies. ' +
      'Zürich and Lausanne, encrypted at rest, deleted with a signed protocol.',
  ),
  provider(
    ['odra-servers', 'Odra Servers', 'EUR'],
    [68, 24, 24],
    'Plain dedicated servers in Poland at plain prices. No panel to learn: you get the machine, ' +
      'remote hands and a console.',
  ),
  provider(
    ['baltic-byteworks', 'Baltic Byteworks', 'EUR'],
    [67, 12, 6],
    'Small virtual servers and hosting from Vilnius and Tallinn. Cheap because they are small, ' +
      'reliable because we do nothing else.',
  ),
  provider(
    ['canal-nine', 'Canal Nine Networks', 'EUR'],
    [66, 48, 72],
    'Transit, addresses and load balancing in Amsterdam and Frankfurt from AS64500, with more ' +
      'upstreams than you will ever notice.',
  ),
  provider(
    ['meadow-vault', 'Meadow Vault', 'EUR'],
    [65, 24, 6],
    'Storage and nothing but storage. Boxes for backups, buckets for everything else, in ' +
      'Helsinki and Nuremberg, with the traffic included.',
  ),
  provider(
    ['sumida-blade', 'Sumida Blade', 'USD'],
    [63, 24, 24],
    'GPU and high-clock servers in Tokyo and Osaka, for inference close to people in Japan. ' +
      'We answer in Japanese and English.',
  ),
  provider(
    ['straits-metal', 'Straits Metal', 'USD'],
    [61, 24, 24],
    'Bare metal and transit in Singapore, for those who serve all of South-East Asia from one ' +
      'place.',
  ),
  provider(
    ['southerly-cloud', 'Southerly Cloud', 'USD'],
    [58, 24, 12],
    'Servers for Australia and New Zealand, run from Wellington. Small, local, and awake when ' +
      'you are.',
  ),
  provider(
    ['pampa-compute', 'Pampa Compute', 'USD'],
    [55, 24, 24],
    'Virtual servers, GPUs and hosting in São Paulo and Santiago, with support in Portuguese, ' +
      'Spanish and English.',
  ),
  provider(
    ['jonas-spare-cycles', 'Jonas’ Spare Cycles', 'EUR'],
    [44, 24, 24],
    'Three workstations and a NAS that would otherwise idle. One person, honest hours, and a ' +
      'price to match.',
    [['matrix', '@jonas:spare-cycles.example']],
  ),
];

export const renters: readonly Cast[] = [
  {
    handle: 'mira-okafor',
    name: 'Mira Okafor',
    about:
      'I train small language models for low-resource languages, mostly on rented H100s. ' +
      'Utrecht, two papers a year, one very full disk.',
    joined: 72,
    contacts: [
      ['email', 'mira@okafor.example'],
      ['matrix', '@mira:okafor.example'],
    ],
    ssh_keys: ['ThinkPad', 'Desk at the lab'],
  },
  {
    handle: 'harrow-bio',
    name: 'Harrow Bioinformatics',
    about: 'Genome assembly for plant breeders. Long jobs, large memory, few surprises.',
    joined: 70,
    contacts: [['email', 'compute@harrow-bio.example']],
    ssh_keys: ['Pipeline'],
  },
  {
    handle: 'studio-ember',
    name: 'Studio Ember',
    about: 'Three animators and too many frames. We rent cards in the last weeks of a film.',
    joined: 69,
    contacts: [
      ['email', 'render@studio-ember.example'],
      ['discord', 'ember.render'],
    ],
    ssh_keys: ['Render wrangler'],
  },
  {
    handle: 'tomas-lindqvist',
    name: 'Tomas Lindqvist',
    about: 'Freelance site reliability engineer. I move other people’s servers to better places.',
    joined: 66,
    contacts: [['telegram', '@tlindqvist_sre']],
    ssh_keys: ['Laptop', 'Jump host'],
  },
  {
    handle: 'saltmarsh-games',
    name: 'Saltmarsh Games',
    about: 'We make a sailing game that 4,000 people play at the same time on Saturdays.',
    joined: 64,
    contacts: [['email', 'ops@saltmarsh.example']],
    ssh_keys: ['Deploy'],
  },
  {
    handle: 'kite-and-ladder',
    name: 'Kite & Ladder',
    about: 'A web agency in Porto. Forty client sites, each somewhere sensible.',
    joined: 59,
    contacts: [
      ['email', 'hosting@kite-ladder.example'],
      ['phone', '+351 22 555 0176'],
    ],
    ssh_keys: ['Office'],
  },
  {
    handle: 'ayumi-sato',
    name: 'Ayumi Satō',
    about: 'Speech recognition for hospitals. Inference in Japan, training wherever it is cold.',
    joined: 52,
    contacts: [['email', 'ayumi@sato-speech.example']],
    ssh_keys: ['MacBook'],
  },
];
