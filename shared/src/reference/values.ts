import { idPrefixes, type IdKind } from '../ids.ts';

/** What the examples are made of: one value for each thing that an endpoint asks for. */
interface Values {
  params?: Record<string, string>;
  query?: Record<string, string | number>;
  body?: unknown;
}

const LETTERS = '4x8k2m6q9r3t7v5w1z0c';
/** An id as it looks; in the tests a real one stands in its place. */
export const exampleId = (kind: IdKind): string => `${idPrefixes[kind]}_${LETTERS}`;

const version = 3;
const EURO_25 = '25000000000';
const someOffering = {
  kind: 'gpu',
  title: '8x H100 SXM in Amsterdam',
  description: 'A whole node, NVLink, liquid cooled.',
  gpu_model: 'H100 SXM',
  gpu_count: 8,
  gpu_memory_gib: 80,
  cpu_model: 'EPYC 9654',
  vcpus: 192,
  memory_gib: 1536,
  disk_kind: 'nvme',
  disk_gib: 15_360,
  uplink_mbps: 100_000,
  traffic_tib: null,
  unmetered: true,
  virtualization: 'bare_metal',
  operating_systems: ['Ubuntu 24.04'],
  features: ['NVLink'],
  gpu_interconnect: 'sxm',
  commitment: 'on_demand',
  country: 'NL',
  city: 'Amsterdam',
  price_e9s: '19920000000',
  unit: 'hour',
  currency: 'USD',
  setup_fee_e9s: '5000000000',
  min_hours: 1,
  max_hours: 720,
  stock: 4,
  visibility: 'public',
  response_hours: 24,
  provisioning_hours: 24,
  reference: null,
};
const search = {
  name: 'H100 in the Netherlands',
  q: 'H100 country:NL',
  sort: 'price',
  hours: 720,
  weights: '',
  tells: true,
};
const chosen = [{ offering_id: exampleId('offering'), version }];
const csv = 'reference,kind,title,country,price,currency\nnode-1,compute,One node,NL,1.20,EUR\n';
const mapping = { name: 'Our inventory', mapping: { rows_at: '', columns: {} } };
const webhook = {
  url: 'https://example.org/berth',
  description: 'Tells our pager',
  types: ['contract.submit', 'contract.mark_provisioned'],
};

/** In the path, by name. */
const params: Record<string, string> = {
  offering_id: exampleId('offering'),
  contract_id: '8f14e45fceea167a5a36dedd4bea2543',
  contact_id: exampleId('contact'),
  ssh_key_id: exampleId('ssh_key'),
  session_id: exampleId('session'),
  hold_id: exampleId('hold'),
  change_id: exampleId('bulk_change'),
  mapping_id: exampleId('import_mapping'),
  saved_search_id: exampleId('saved_search'),
  payment_id: exampleId('payment'),
  invoice_id: exampleId('invoice'),
  token_id: exampleId('token'),
  webhook_id: exampleId('webhook'),
  delivery_id: exampleId('delivery'),
  handle: 'harbour',
  block_offset: '8388608',
  entry: '0',
  token: 'the-token-of-the-link',
};

/** In the path of one endpoint, where it is about another thing. */
const ownParams: Record<string, Record<string, string>> = {
  'blocks.block': { handle: 'sailor' },
  'blocks.unblock': { handle: 'sailor' },
  'mail.preview': { kind: 'contract.accepted' },
  'mail.showSent': { id: exampleId('message') },
  'admin.runAgain': { kind: 'contracts.deadline', subject_id: 'con_1' },
};

const queries: Record<string, Values['query']> = {
  'market.search': { q: 'H100 country:NL', hours: 720, limit: 10 },
  'market.facets': { q: 'H100' },
  'market.completions': { q: 'H1' },
  'market.compare': { id: exampleId('offering') },
  'papers.file': { year: 2026 },
  'contracts.list': { role: 'renter' },
  'offerings.export': { format: 'csv' },
  'mail.preview': { look: 'light' },
  'mail.showSent': { look: 'light' },
};

const bodies: Record<string, unknown> = {
  'accounts.challenge': { key: 'a1'.repeat(32) },
  'accounts.changeProfile': { version: 1, display_name: 'Harbour', about: 'GPUs by the water.' },
  'accounts.addContact': { kind: 'email', value: 'desk@example.org' },
  'accounts.addSshKey': {
    label: 'Laptop',
    public_key:
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ+BTcFcN4hkwLuNQpOo7bJTYlXXxSQCqEpIhVSwUbVm me@laptop',
  },
  'offerings.hold': { hours: 72 },
  'offerings.create': someOffering,
  'offerings.change': { version, offering: { ...someOffering, price_e9s: '18500000000' } },
  'offerings.move': { action: 'pause', version },
  'offerings.previewBulk': {
    which: { offering_ids: [exampleId('offering')] },
    change: { type: 'stock_add', by: 2 },
  },
  'offerings.bulk': { offerings: chosen, change: { type: 'stock_add', by: 2 } },
  'offerings.saveRows': {
    rows: [{ offering_id: exampleId('offering'), version, cells: { stock: '6' } }],
  },
  'offerings.previewImport': { format: 'csv', text: csv },
  'offerings.import': { format: 'csv', text: csv },
  'offerings.suggestMapping': { format: 'csv', text: csv },
  'offerings.createMapping': mapping,
  'offerings.changeMapping': { ...mapping, name: 'Our inventory, by rack' },
  'ledger.transfer': {
    direction: 'in',
    handle: 'harbour',
    account: 'balance',
    currency: 'EUR',
    amount_e9s: EURO_25,
    reference: 'Statement 4, line 12',
  },
  'payments.begin': { currency: 'EUR', amount_e9s: EURO_25 },
  'payments.receiveStripe': { id: 'evt_1', type: 'checkout.session.completed' },
  'papers.setDetails': {
    ...{ name: 'Harbour GmbH', line1: 'Kai 4', line2: '', postcode: '20457', city: 'Hamburg' },
    ...{ country: 'DE', vat_id: 'DE136695976' },
  },
  'payouts.setBankAccount': { holder: 'Harbour GmbH', iban: 'DE89370400440532013000' },
  'payouts.ask': { source: 'balance', currency: 'EUR', amount_e9s: EURO_25 },
  'payouts.makeBatch': { currency: 'EUR' },
  'payouts.giveBack': { reason: 'The bank knows no such account' },
  'saved.saveSearch': search,
  'saved.changeSearch': { ...search, hours: 168 },
  'notices.read': { all: true },
  'notices.choose': { choices: [{ category: 'requests', bell: true, mail: 'now' }] },
  'mail.give': { address: 'desk@example.org', time_zone: 'Europe/Amsterdam' },
  'mail.set': { time_zone: 'Europe/Amsterdam', quiet: { from: 22, until: 7 }, daily_hour: 8 },
  'mail.confirm': { token: '0b'.repeat(32) },
  'tokens.create': { name: 'Deploys', permissions: ['contracts.read', 'notices.read'], days: 90 },
  'tokens.rotate': { days: 90, overlap_hours: 24 },
  'webhooks.create': webhook,
  'webhooks.change': { types: ['contract.submit'], enabled: true },
  'webhooks.rotate': { overlap_hours: 24 },
  'webhooks.replay': { ids: [exampleId('delivery')] },
};

/** What the example of an endpoint asks, by its name and the names in its path. */
export function valuesFor(name: string, path: string): Values {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, one = '']) => one);
  const found: Values = {};
  if (names.length > 0) {
    const own = { ...params, ...ownParams[name] };
    found.params = Object.fromEntries(names.map((one) => [one, own[one] ?? one]));
  }
  if (queries[name]) found.query = queries[name];
  if (bodies[name] !== undefined) found.body = bodies[name];
  return found;
}
