/** `node sdk/build.ts [FOLDER]`: the package as it is published, into a folder (`sdk/build`). */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { format } from 'prettier';
import { build, type Plugin } from 'vite';
import { lightShared } from '../website/config/light-shared.ts';
import { licencesOf, noteBundled } from './config/licences.ts';
import { writeTypes } from './config/types.ts';

const ROOT = join(import.meta.dirname, '..');

/** What is brought apart, when it is needed; each stands alone, as they have little in common. */
const PARTS = ['index', 'login', 'verified'] as const;

/** Leaves the other parts out of one, and the Node package that only Node before 19 needs. */
const partedAt: Plugin = {
  name: 'berth:parts',
  enforce: 'pre',
  resolveId(source, importer) {
    const [, part] = /^\.\/(login|verified)\.ts$/.exec(source) ?? [];
    if (part !== undefined && importer !== undefined) return { id: `./${part}.js`, external: true };
    return source === 'crypto' ? NOTHING : null;
  },
  load: (id) => (id === NOTHING ? 'export default {};' : null),
};
const NOTHING = '\0nothing';

const readJson = (file: string) =>
  JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

const buildPart = (part: string, outDir: string, bundled: Set<string>) =>
  build({
    configFile: false,
    root: join(ROOT, 'sdk'),
    logLevel: 'warn',
    plugins: [partedAt, lightShared(), noteBundled(bundled)],
    build: {
      ...{ outDir, emptyOutDir: false, target: 'es2022', minify: true },
      lib: { entry: join(ROOT, `sdk/src/${part}.ts`), formats: ['es'], fileName: part },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });

/** Bundles the sources and what they use, writes the types, and lays the package around them. */
async function buildSdk(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const bundled = new Set<string>();
  for (const part of PARTS) await buildPart(part, join(folder, 'dist'), bundled);
  const layout = { parser: 'typescript', singleQuote: true, printWidth: 100 };
  writeFileSync(join(folder, 'dist/index.d.ts'), await format(writeTypes(), layout));
  writeFileSync(join(folder, 'LICENSES.txt'), licencesOf(bundled));
  for (const file of ['sdk/README.md', 'LICENSE']) {
    copyFileSync(join(ROOT, file), join(folder, file.split('/').at(-1) as string));
  }
  const { name, version, description, license, type } = readJson(join(ROOT, 'sdk/package.json'));
  const published = {
    ...{ name, version, description, license, type },
    sideEffects: false,
    engines: { node: '>=20' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', 'LICENSES.txt'],
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
}

const folder = process.argv[2] ?? join(ROOT, 'sdk/build');
await buildSdk(folder);
process.stdout.write(`The package is in ${relative(process.cwd(), folder) || '.'}\n`);
