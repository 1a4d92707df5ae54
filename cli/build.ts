/** `node cli/build.ts [FOLDER]`: the package as it is published, into a folder (`cli/build`). */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { build } from 'vite';
import { lightShared } from '../website/config/light-shared.ts';
import { licencesOf, noteBundled } from '../sdk/config/licences.ts';

const ROOT = join(import.meta.dirname, '..');
const FILE = 'berth.js';
const RUNNABLE = 0o755;

/** One file of the sources and all that they use; what few commands need is apart. */
async function buildCli(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bundled = new Set<string>();
  const outDir = join(folder, 'dist');
  await build({
    configFile: false,
    root: join(ROOT, 'cli'),
    logLevel: 'warn',
    plugins: [lightShared(), noteBundled(bundled)],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ...{ outDir, emptyOutDir: false, target: 'node20', minify: true },
      ssr: join(ROOT, 'cli/src/main.ts'),
      rolldownOptions: {
        external: [...builtinModules, /^node:/],
        output: { entryFileNames: FILE },
      },
    },
  });
  chmodSync(join(outDir, FILE), RUNNABLE);
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(bundled));
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  copyFileSync(join(ROOT, 'docs/cli.md'), join(folder, 'README.md'));
  cpSync(join(ROOT, 'cli/drivers'), join(folder, 'drivers'), { recursive: true });
  const source = readFileSync(join(ROOT, 'cli/package.json'), 'utf8');
  const { name, version, description, license, type } = JSON.parse(source) as object as Record<
    string,
    string
  >;
  const published = {
    ...{ name, version, description, license, type },
    engines: { node: '>=20' },
    bin: { berth: `dist/${FILE}` },
    files: ['dist', 'drivers', 'LICENSES.txt'],
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
}

const folder = process.argv[2] ?? join(ROOT, 'cli/build');
await buildCli(folder);
process.stdout.write(`The package is in ${relative(process.cwd(), folder) || '.'}\n`);
