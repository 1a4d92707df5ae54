import { readFileSync, writeFileSync } from 'node:fs';
import { counted } from '@berth/shared/count';
import { formatMoney, type Currency } from '@berth/shared/money';
import { offeringInput } from '@berth/shared/offerings/schemas';
import { answer, signs, type Command, type Context } from '../command.ts';
import { stop } from '../exits.ts';

const money = (amount_e9s: string, currency: Currency) => formatMoney(BigInt(amount_e9s), currency);
const formatOf = (file: string) => (file.endsWith('.json') ? 'json' : 'csv');

const fieldNames = Object.keys(offeringInput.shape);

async function readChanges({ terminal }: Context, file: string | undefined): Promise<object> {
  const text =
    file === undefined
      ? await terminal.readSecret('Changes as JSON: ')
      : readFileSync(file, 'utf8');
  try {
    const changes: unknown = JSON.parse(text);
    if (typeof changes === 'object' && changes !== null && !Array.isArray(changes)) return changes;
  } catch {
    // Said below.
  }
  throw stop(
    'wrong_use',
    'The changes are no JSON object; `berth offerings edit --help` shows how.',
  );
}

export const marketCommands: readonly Command[] = [
  {
    name: 'search',
    takes: ['[WORDS...]'],
    about: 'Find offerings, in the language of the marketplace’s search box',
    options: {
      hours: { type: 'string', value: 'HOURS', about: 'prices are of so many hours; 720 else' },
      sort: { type: 'string', value: 'ORDER', about: 'price, newest, best, …' },
      limit: { type: 'string', value: 'COUNT', about: 'how many; 20 unless told' },
    },
    examples: ['berth search h100 country:nl', 'berth search "gpu_memory>=80 price<3" --hours 24'],
    async run(context, given) {
      const [hours, sort] = [given.count('hours'), given.text('sort')];
      const query = {
        q: given.words.join(' '),
        limit: given.count('limit') ?? 20,
        ...(hours === undefined ? {} : { hours }),
        ...(sort === undefined ? {} : { sort: sort as never }),
      };
      const reply = await context.berth.market.search({ query });
      const rows = reply.items.map(({ id, title, country, provider, price, currency }) => [
        id,
        title,
        country,
        provider.handle,
        money(price.hourly_e9s, currency),
        money(price.total_e9s, currency),
      ]);
      answer(context, given, reply, () => {
        const head = ['ID', 'TITLE', 'IN', 'PROVIDER', 'AN HOUR', `${reply.hours} HOURS`];
        context.terminal.table(head, rows);
        const shown = counted(reply.items.length, 'offering');
        context.terminal.note(`${shown} of ${reply.total}`);
      });
    },
  },
  {
    name: 'offerings list',
    takes: [],
    about: 'Your offerings',
    examples: ['berth offerings list'],
    async run(context, given) {
      const items = [];
      for await (const one of context.berth.offerings.listOwn.each()) items.push(one);
      const rows = items.map(({ id, title, state, stock, price_e9s, currency, unit }) => [
        id,
        title,
        state,
        String(stock),
        `${money(price_e9s, currency)} / ${unit}`,
      ]);
      answer(context, given, { items }, () =>
        context.terminal.table(['ID', 'TITLE', 'STATE', 'UNITS', 'PRICE'], rows),
      );
    },
  },
  {
    name: 'offerings edit',
    takes: ['OFFERING', '[FILE]'],
    about: 'Change the fields of an offering that a JSON file names; says first what changes',
    options: { yes: { type: 'boolean', about: 'change without a question, for scripts' } },
    examples: [
      'berth offerings edit off_… changes.json',
      `echo '{"price_e9s":"2500000000"}' | berth offerings edit off_… --yes`,
    ],
    async run(context, given) {
      const [offering_id = '', file] = given.words;
      const { berth, terminal } = context;
      const changes = await readChanges(context, file);
      const own = await berth.offerings.getOwn({ params: { offering_id } });
      const shown: Record<string, unknown> = own;
      for (const [name, value] of Object.entries(changes)) {
        if (!fieldNames.includes(name)) throw stop('wrong_use', `An offering has no ${name}.`);
        terminal.note(`${name}: ${JSON.stringify(shown[name])} -> ${JSON.stringify(value)}`);
      }
      if (!given.has('yes') && !(await terminal.confirm('Change it?'))) {
        throw stop('declined', 'Nothing was changed.');
      }
      const fields = Object.fromEntries(fieldNames.map((name) => [name, shown[name]]));
      const body = { version: own.version, offering: { ...fields, ...changes } as never };
      const changed = await berth.offerings.change({ params: { offering_id }, body });
      answer(context, given, changed, () => terminal.say(`${changed.id} was changed.`));
    },
  },
  {
    name: 'offerings import',
    takes: ['FILE'],
    about: 'Read offerings from a CSV or JSON file; says first what it will do',
    options: { ...signs },
    examples: ['berth offerings import offerings.csv'],
    async run(context, given) {
      const [file = ''] = given.words;
      const body = { format: formatOf(file), text: readFileSync(file, 'utf8') } as const;
      const preview = await context.berth.offerings.previewImport({ body });
      for (const { row, errors } of preview.rows) {
        for (const { field, message } of errors) {
          context.terminal.note(`Row ${row}, ${field}: ${message}`);
        }
      }
      const { created, updated, refused } = preview;
      if (refused > 0) throw stop('refused', `${counted(refused, 'row')} cannot be imported.`);
      context.terminal.note(`It makes ${counted(created, 'offering')} and changes ${updated}.`);
      if (!given.has('yes') && !(await context.terminal.confirm('Import them?'))) {
        throw stop('declined', 'Nothing was imported.');
      }
      const done = await context.berth.offerings.import({ body });
      answer(context, given, done, () =>
        context.terminal.say(`${done.created} made, ${done.updated} changed.`),
      );
    },
  },
  {
    name: 'offerings export',
    takes: ['[FILE]'],
    about: 'Write your offerings as CSV or JSON, as the file’s name says',
    examples: ['berth offerings export offerings.csv', 'berth offerings export > offerings.csv'],
    async run({ berth, terminal }, { words: [file] }) {
      const format = formatOf(file ?? '');
      const reply: unknown = await berth.offerings.export({ query: { format } });
      const text = typeof reply === 'string' ? reply : JSON.stringify(reply, null, 2);
      if (file === undefined) terminal.file(text);
      else writeFileSync(file, text);
    },
  },
];
