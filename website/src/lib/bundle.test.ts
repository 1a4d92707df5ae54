import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { lightShared } from '../../config/light-shared.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const entry = `${root}entry.js`;

let read: string[] = [];

const source: Plugin = {
  name: 'source',
  resolveId: (id) => (id === 'entry' ? entry : null),
  load: (id) =>
    id === entry
      ? `import { endpoints } from '@berth/shared/endpoints';
         import { formatMoney } from '@berth/shared/money';
         const { market, accounts } = endpoints;
         console.log(market.search, accounts.signUp, formatMoney(1n, 'USD'));`
      : null,
  generateBundle() {
    read = [...this.getModuleIds()];
  },
};

test('endpoints and formatters reach the browser without a validator, and an endpoint keeps its address', async () => {
  const { applyToEnvironment: _, ...light } = lightShared();
  const made = (await build({
    configFile: false,
    logLevel: 'silent',
    root,
    plugins: [source, light],
    build: { write: false, minify: false, rolldownOptions: { input: 'entry' } },
  })) as Rolldown.RolldownOutput;
  const code = made.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('\n');
  expect(code).toContain('path: "/accounts"');
  expect(code).not.toMatch(/ZodType|safeParse|_zod/);
  // A chunk takes in all that its modules import, used or not.
  expect(read.some((id) => id.endsWith('/accounts/endpoints.ts'))).toBe(true);
  expect(read.filter((id) => /zod|schemas/.test(id))).toEqual([]);
});
