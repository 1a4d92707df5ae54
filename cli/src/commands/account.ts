import { createBerth } from '@berth/sdk';
import type { Command } from '../command.ts';
import { answer } from '../command.ts';

export const accountCommands: readonly Command[] = [
  {
    name: 'login',
    takes: [],
    about: 'Sign in with your recovery phrase, which is asked for, not shown and not kept',
    options: {
      label: { type: 'string', value: 'NAME', about: 'what your list of devices calls this one' },
    },
    examples: ['berth login --origin https://berth.example', 'pass show berth | berth login'],
    async run(context, given) {
      const { terminal, store, origin, host } = context;
      const phrase = await terminal.readSecret('Recovery phrase (not shown): ');
      const label = given.text('label') ?? `berth on ${host}`;
      const guest = createBerth({ origin });
      const signedIn = await guest.login({ phrase, label });
      store.keep(signedIn);
      const { account, delegation } = signedIn.device;
      const { expires_at } = delegation.delegation;
      answer(context, given, { account, origin, expires_at }, () => {
        terminal.say(`Signed in as ${account.handle} at ${origin} until ${expires_at}.`);
        terminal.note(`The device key is in ${store.file}; keep it as an SSH private key.`);
      });
    },
  },
  {
    name: 'logout',
    takes: [],
    about: 'Take this device off your account and forget its key',
    examples: ['berth logout'],
    async run(context, given) {
      const { store, terminal } = context;
      const signedIn = store.find();
      if (signedIn !== null) {
        // By the device itself, whatever token or address is set: its key must not live on.
        const { device } = signedIn;
        await createBerth({ origin: device.origin, device, sessions: store }).logout();
        store.forget();
      }
      answer(context, given, { signed_out: true }, () => terminal.say('Signed out.'));
    },
  },
  {
    name: 'tokens list',
    takes: [],
    about: 'Your API tokens',
    examples: ['berth tokens list'],
    async run(context, given) {
      const reply = await context.berth.tokens.list();
      const rows = reply.items.map(({ id, name, permissions, secrets, revoked_at }) => [
        id,
        name,
        permissions.join(' '),
        revoked_at === null ? (secrets[0]?.expires_at ?? '') : 'revoked',
      ]);
      answer(context, given, reply, () =>
        context.terminal.table(['ID', 'NAME', 'MAY', 'UNTIL'], rows),
      );
    },
  },
  {
    name: 'tokens create',
    takes: ['NAME'],
    about: 'Make an API token; its secret is shown this once',
    options: {
      permission: { type: 'string', multiple: true, value: 'NAME', about: 'what it may do' },
      days: { type: 'string', value: 'DAYS', about: 'how long it works, 30 unless told' },
    },
    examples: ['berth tokens create invoices --permission contracts.read --days 90'],
    async run(context, given) {
      const [name = ''] = given.words;
      const permissions = given.list('permission') as never[];
      const body = { name, permissions, days: given.count('days') ?? 30 };
      const made = await context.berth.tokens.create({ body });
      answer(context, given, made, () => context.terminal.say(made.secret));
    },
  },
  {
    name: 'tokens revoke',
    takes: ['TOKEN'],
    about: 'Revoke an API token at once',
    examples: ['berth tokens revoke tok_…'],
    async run(context, given) {
      const [token_id = ''] = given.words;
      await context.berth.tokens.revoke({ params: { token_id } });
      answer(context, given, { revoked: token_id }, () => context.terminal.say('Revoked.'));
    },
  },
  {
    name: 'webhooks list',
    takes: [],
    about: 'The addresses that your events are sent to',
    examples: ['berth webhooks list'],
    async run(context, given) {
      const reply = await context.berth.webhooks.list();
      const rows = reply.items.map(({ id, url, types, disabled }) => [
        id,
        url,
        types.join(' '),
        disabled === null ? 'on' : `off: ${disabled.by}`,
      ]);
      answer(context, given, reply, () =>
        context.terminal.table(['ID', 'ADDRESS', 'EVENTS', 'STATE'], rows),
      );
    },
  },
  {
    name: 'webhooks create',
    takes: ['URL'],
    about: 'Have events sent to an address; the secret is shown this once',
    options: {
      event: { type: 'string', multiple: true, value: 'TYPE', about: 'as contract.accept' },
    },
    examples: ['berth webhooks create https://example.com/hook --event contract.accept'],
    async run(context, given) {
      const [url = ''] = given.words;
      const body = { url, description: '', types: given.list('event') as never[] };
      const made = await context.berth.webhooks.create({ body });
      answer(context, given, made, () => context.terminal.say(made.secret));
    },
  },
  {
    name: 'webhooks test',
    takes: ['WEBHOOK'],
    about: 'Send a test event to an address',
    examples: ['berth webhooks test whk_…'],
    async run(context, given) {
      const [webhook_id = ''] = given.words;
      const sent = await context.berth.webhooks.test({ params: { webhook_id } });
      answer(context, given, sent, () => context.terminal.say('A test event is on its way.'));
    },
  },
  {
    name: 'webhooks remove',
    takes: ['WEBHOOK'],
    about: 'Send nothing to an address any more',
    examples: ['berth webhooks remove whk_…'],
    async run(context, given) {
      const [webhook_id = ''] = given.words;
      await context.berth.webhooks.remove({ params: { webhook_id } });
      answer(context, given, { removed: webhook_id }, () => context.terminal.say('Removed.'));
    },
  },
];
