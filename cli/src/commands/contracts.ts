import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { MoveShown, Proposal, RentShown } from '@berth/sdk';
import { contractStates } from '@berth/shared/contracts/machine';
import { formatMoney, type Currency } from '@berth/shared/money';
import { readSshPublicKey } from '@berth/shared/ssh-key';
import { answer, signs, type Command, type Context, type Given } from '../command.ts';
import { stop } from '../exits.ts';

const POLL_MS = 1_000;
const money = (amount_e9s: string, currency: string) =>
  formatMoney(BigInt(amount_e9s), currency as Currency);

const reasoned = {
  ...signs,
  reason: { type: 'string', value: 'TEXT', about: 'why, for the other party' },
} as const;

async function agree({ terminal }: Context, given: Given, lines: string[]): Promise<void> {
  for (const line of lines) terminal.note(line);
  if (given.has('yes')) return;
  if (!(await terminal.confirm('Sign this?'))) throw stop('declined', 'Nothing was signed.');
}

/** Shows what a move signs, asks, signs it, and says where the contract then stands. */
async function moved(
  context: Context,
  given: Given,
  { shown, send }: Proposal<MoveShown>,
  said: { does: string; amount?: string },
): Promise<void> {
  const { contract, amount_e9s } = shown;
  const { title, hours, currency, renter, provider } = contract;
  const other = contract.role === 'renter' ? provider : renter;
  await agree(context, given, [
    `${said.does} ${title}, ${hours} h, with ${other.handle}`,
    ...(amount_e9s === null || said.amount === undefined
      ? []
      : [`${said.amount}: ${money(amount_e9s, currency)}`]),
  ]);
  const head = await send();
  answer(context, given, head, () => context.terminal.say(`It is ${labelOf(head.state)}.`));
}

const labelOf = (state: keyof typeof contractStates) => contractStates[state].label.toLowerCase();

/** Waits until the contract is in a state, or has ended. */
async function waitFor({ berth, terminal }: Context, contract_id: string, wanted: string) {
  for (let last = ''; ; await pause(POLL_MS)) {
    const { state, next } = await berth.contracts.get({ params: { contract_id } });
    if (state !== last) terminal.note(`${contractStates[state].label}: ${next}`);
    last = state;
    if (state === wanted || state === 'active') return;
    if (contractStates[state].ends) throw stop('ended', `It is ${labelOf(state)}.`);
  }
}

function rentLines({ offering, hours, operating_system, ...shown }: RentShown): string[] {
  const { title, provider } = offering;
  return [
    `Rent ${title} from ${provider.handle}, ${hours} h${operating_system ? `, ${operating_system}` : ''}`,
    `Total: ${money(shown.total_e9s, shown.currency)}`,
    `Terms: ${shown.terms_hash}`,
  ];
}

/** The public key in a file; a private one, named by mistake, never leaves this machine. */
function readPublicKey(file: string): string {
  const read = readSshPublicKey(readFileSync(file, 'utf8'));
  if (!read.ok) throw stop('wrong_use', `${file}: ${read.sentence}`);
  // Without its comment, which says whose it is on which machine; Berth refuses it.
  return read.key.public_key;
}

interface Delivery {
  address: string;
  port?: number;
  username: string;
  host_key_fingerprint?: string | null;
  instructions?: string;
  credentials: { fields: { label: string; value: string }[]; note?: string };
}

/** Secrets come by a file or a pipe: what stands in a command is seen by everybody here. */
async function readDelivery({ terminal }: Context, file: string | undefined): Promise<Delivery> {
  const text =
    file === undefined
      ? await terminal.readSecret('Details as JSON (not shown): ')
      : readFileSync(file, 'utf8');
  try {
    return JSON.parse(text) as Delivery;
  } catch {
    throw stop('wrong_use', 'The details are no JSON; `berth provision --help` shows how.');
  }
}

export const contractCommands: readonly Command[] = [
  {
    name: 'rent',
    takes: ['OFFERING'],
    about: 'Sign a request for an offering; shows the total and the terms, and asks',
    options: {
      ...signs,
      hours: { type: 'string', value: 'HOURS', about: 'for how long' },
      os: { type: 'string', value: 'NAME', about: 'the operating system, where it is open' },
      'ssh-key': { type: 'string', value: 'FILE', about: 'your SSH public key, to be let in by' },
      memo: { type: 'string', value: 'TEXT', about: 'a word to the provider' },
      'pays-by': { type: 'string', value: 'WAY', about: 'card or transfer, if it must be paid' },
      wait: { type: 'boolean', about: 'wait until it is set up' },
    },
    examples: ['berth rent off_… --hours 24', 'berth rent off_… --hours 24 --yes --wait --json'],
    async run(context, given) {
      const hours = given.count('hours');
      if (hours === undefined) throw stop('wrong_use', 'Say for how long: --hours 24.');
      const [os, key, pays_by] = [given.text('os'), given.text('ssh-key'), given.text('pays-by')];
      const { shown, send } = await context.berth.rentals.rent({
        offering_id: given.words[0] ?? '',
        hours,
        memo: given.text('memo') ?? '',
        ...(os === undefined ? {} : { operating_system: os }),
        ...(key === undefined ? {} : { ssh_public_key: readPublicKey(key) }),
        ...(pays_by === undefined ? {} : { pays_by: pays_by as 'card' }),
      });
      await agree(context, given, rentLines(shown));
      const head = await send();
      if (given.has('wait')) {
        context.terminal.note(head.contract_id);
        await waitFor(context, head.contract_id, 'provisioned');
      }
      answer(context, given, head, () => context.terminal.say(head.contract_id));
    },
  },
  {
    name: 'contracts list',
    takes: [],
    about: 'Your contracts, as a renter or as a provider',
    options: { provider: { type: 'boolean', about: 'those that you provide' } },
    examples: ['berth contracts list', 'berth contracts list --provider --json'],
    async run(context, given) {
      const role = given.has('provider') ? ('provider' as const) : ('renter' as const);
      const items = [];
      for await (const one of context.berth.contracts.list.each({ query: { role } })) {
        items.push(one);
      }
      const rows = items.map((one) => [
        one.contract_id,
        labelOf(one.state),
        one.title,
        one.other.handle,
        money(one.total_e9s, one.currency),
        one.ends_at ?? '',
      ]);
      answer(context, given, { items }, () =>
        context.terminal.table(['ID', 'STATE', 'TITLE', 'WITH', 'TOTAL', 'UNTIL'], rows),
      );
    },
  },
  {
    name: 'contracts show',
    takes: ['CONTRACT'],
    about: 'One contract: where it stands, and what comes next',
    examples: ['berth contracts show 3f…'],
    async run(context, given) {
      const [contract_id = ''] = given.words;
      const view = await context.berth.contracts.get({ params: { contract_id } });
      const { terminal } = context;
      answer(context, given, view, () => {
        terminal.say(`${view.title}: ${labelOf(view.state)}`);
        terminal.say(view.next);
        terminal.say(`${view.hours} h, ${money(view.total_e9s, view.currency)}`);
        for (const { seq, at, by_name, action } of view.entries) {
          terminal.say(`${seq}  ${at}  ${by_name}  ${action.replaceAll('_', ' ')}`);
        }
      });
    },
  },
  {
    name: 'accept',
    takes: ['CONTRACT'],
    about: 'Accept a request for what you provide',
    options: signs,
    examples: ['berth accept 3f…'],
    async run(context, given) {
      const proposal = await context.berth.rentals.accept(given.words[0] ?? '');
      await moved(context, given, proposal, { does: 'Accept', amount: 'Total' });
    },
  },
  {
    name: 'reject',
    takes: ['CONTRACT'],
    about: 'Decline a request',
    options: reasoned,
    examples: ['berth reject 3f… --reason "Under repair"'],
    async run(context, given) {
      const [id = ''] = given.words;
      const proposal = await context.berth.rentals.reject(id, given.text('reason'));
      await moved(context, given, proposal, { does: 'Decline', amount: 'Paid back' });
    },
  },
  {
    name: 'cancel',
    takes: ['CONTRACT'],
    about: 'End a contract; shows what is paid back, and asks',
    options: {
      ...reasoned,
      fault: { type: 'string', value: 'CODE', about: 'why, by its code; a wrong one lists yours' },
    },
    examples: ['berth cancel 3f… --reason "Done early"'],
    async run(context, given) {
      const [id = ''] = given.words;
      const reason = given.text('reason');
      const proposal = await context.berth.rentals.cancel(id, reason, given.count('fault'));
      await moved(context, given, proposal, { does: 'Cancel', amount: 'Paid back' });
    },
  },
  {
    name: 'extend',
    takes: ['CONTRACT'],
    about: 'Propose more hours, or agree to those that the other party proposed',
    options: { ...signs, hours: { type: 'string', value: 'HOURS', about: 'how many more' } },
    examples: ['berth extend 3f… --hours 24', 'berth extend 3f…'],
    async run(context, given) {
      const proposal = await context.berth.rentals.extend(
        given.words[0] ?? '',
        given.count('hours'),
      );
      await moved(context, given, proposal, { does: 'Extend', amount: 'More to pay' });
    },
  },
  {
    name: 'provision',
    takes: ['CONTRACT', '[FILE]'],
    about: 'Post where to connect, and credentials sealed here for the renter alone',
    options: signs,
    examples: [
      'berth provision 3f… details.json',
      `echo '{"address":"node7.example.net","username":"root","credentials":{"fields":[{"label":` +
        `"Password","value":"…"}]}}' | berth provision 3f… --yes`,
    ],
    async run(context, given) {
      const [id = '', file] = given.words;
      const { credentials, port = 22, ...details } = await readDelivery(context, file);
      const sealed = { note: '', ...credentials };
      const ask = { ...details, port, credentials: sealed };
      const proposal = await context.berth.rentals.provision(id, ask);
      await moved(context, given, proposal, { does: 'Post credentials for' });
    },
  },
  {
    name: 'credentials',
    takes: ['CONTRACT'],
    about: 'Open the credentials; the first time you sign for them, which starts the paid clock',
    options: signs,
    examples: ['berth credentials 3f…', 'berth credentials 3f… --yes --json'],
    async run(context, given) {
      const { shown, send } = await context.berth.rentals.open(given.words[0] ?? '');
      if (shown.signs) {
        const clock = shown.starts_clock ? ` The paid ${shown.contract.hours} h begin.` : '';
        await agree(context, given, [`You sign that you received them.${clock}`]);
      }
      const { credentials, details } = await send();
      const { address, port, username, host_key_fingerprint, instructions } = details;
      const connection = { address, port, username, host_key_fingerprint, instructions };
      answer(context, given, { ...connection, credentials }, () => {
        const { terminal } = context;
        terminal.say(`${username ?? ''}@${address ?? ''} port ${port ?? ''}`);
        if (host_key_fingerprint !== null) terminal.say(`Host key: ${host_key_fingerprint}`);
        for (const { label, value } of credentials.fields) terminal.block(`${label}: ${value}`);
        if (credentials.note !== '') terminal.block(credentials.note);
        if (instructions) terminal.block(instructions);
      });
    },
  },
];
