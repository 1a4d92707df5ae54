/**
 * `node scripts/new-module.ts carts` lays down the files of a module and says what is left to do.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import layout from './config/prettier.json' with { type: 'json' };
import { moduleFiles } from './lib/module-shape.ts';
import { ROOT } from './lib/run.ts';

const [name = ''] = process.argv.slice(2);
const folder = join(ROOT, 'api/src/modules', name);

if (!/^[a-z]+(-[a-z]+)*s$/.test(name) || existsSync(folder)) {
  console.error('Give the name of a new module: plural and kebab-case, such as carts.');
  process.exit(1);
}

mkdirSync(folder);
for (const [file, text] of Object.entries(moduleFiles(name))) {
  const { printWidth, singleQuote } = layout;
  const laidOut = await format(text, { parser: 'typescript', printWidth, singleQuote });
  writeFileSync(join(folder, file), laidOut);
}
console.log(`api/src/modules/${name} is there. Next:
  shared/src/${name}/{schemas,endpoints}.ts and its line in shared/src/endpoints.ts
  migrations/NNNN_${name.replaceAll('-', '_')}.sql and api/src/db/schema.ts
  its lines in api/src/modules.ts and api/src/modules/{graph,tables}.ts
  make format docs test`);
