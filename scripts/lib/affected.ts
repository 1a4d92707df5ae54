/** What a change can affect, by who imports whom. */
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/** Path -> text of every file, relative to the root. */
export type Files = ReadonlyMap<string, string>;

/** Lists of everything there is: who imports one does not depend on each of what it lists. */
const LISTS = new Set(['shared/src/endpoints.ts', 'shared/src/schemas.ts']);
const ASSEMBLY = new Set(['api/src/modules.ts', 'api/src/berth.ts']);
const MODULE = /^api\/src\/modules\/[^/]+\/(?=index\.ts$)/;

const ALIASES: readonly [RegExp, string][] = [
  [/^@berth\/shared\//, 'shared/src/'],
  [/^@berth\/sdk$/, 'sdk/src/index'],
  [/^#lib\//, 'website/src/lib/'],
  [/^\$lib\//, 'website/src/lib/'],
];

function resolveIn(files: Files, from: string, specifier: string): string | null {
  const alias = ALIASES.find(([start]) => start.test(specifier));
  const path = alias
    ? specifier.replace(...alias)
    : specifier.startsWith('.')
      ? normalize(join(dirname(from), specifier))
      : null;
  if (path === null) return null;
  return [path, `${path}.ts`].find((one) => files.has(one)) ?? null;
}

/** File -> the files that import it. */
function importersOf(files: Files): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const [path, text] of files) {
    if (!/\.(ts|svelte)$/.test(path)) continue;
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      const imported = resolveIn(files, path, fileName);
      if (imported !== null) importers.set(imported, [...(importers.get(imported) ?? []), path]);
    }
  }
  return importers;
}

/**
 * The changed files and all that imports them, over however many steps. The tests of a module reach
 * it through the app, which has every module; a change affects those of its own module and of the
 * modules that use it.
 */
export function affectedBy(files: Files, changed: readonly string[]): Set<string> {
  const importers = importersOf(files);
  const dependents = (path: string): string[] => {
    const found = importers.get(path) ?? [];
    const folder = MODULE.exec(path)?.[0];
    if (LISTS.has(path) && !changed.includes(path)) return [];
    if (folder === undefined) return found;
    const tests = [...files.keys()].filter((one) => one.startsWith(folder) && isTest(one));
    return [...found.filter((one) => !ASSEMBLY.has(one)), ...tests];
  };
  const affected = new Set(changed);
  const waiting = [...changed];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const one of dependents(path)) {
      if (!affected.has(one)) waiting.push(one);
      affected.add(one);
    }
  }
  return affected;
}

const isTest = (path: string): boolean => path.endsWith('.test.ts');
