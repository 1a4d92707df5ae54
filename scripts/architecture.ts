/** Who may import whom: `node scripts/architecture.ts` prints each import that breaks a rule. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';
import { importRules, type ModuleGraph } from './config/architecture.ts';

const PARTS = ['shared/src', 'api/src', 'api/test', 'website/src', 'website/e2e', 'scripts'];

/** One sentence for each import below `root` that breaks a rule of this graph of modules. */
export async function brokenImports(root: string, graph: ModuleGraph): Promise<string[]> {
  const parts = PARTS.filter((part) => existsSync(join(root, part)));
  const { output } = await cruise(
    parts,
    {
      baseDir: root,
      ruleSet: { forbidden: importRules(graph) },
      validate: true,
      tsPreCompilationDeps: true,
      skipAnalysisNotInRules: true,
      combinedDependencies: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(build|\\.svelte-kit)/' },
    },
    {
      bustTheCache: true,
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.svelte', '.d.ts'],
      alias: { $lib: join(root, 'website/src/lib') },
    },
  );
  if (typeof output === 'string') throw new Error(output);
  return output.summary.violations.map(
    ({ rule, from, to, cycle }) =>
      `${rule.name}: ${from} -> ${cycle?.map(({ name }) => name).join(' -> ') ?? to}`,
  );
}

/** The modules that `graph.ts` forgets or invents; every folder has its line. */
export function unlistedModules(root: string, graph: ModuleGraph): string[] {
  const folders = readdirSync(join(root, 'api/src/modules'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return [
    ...folders.filter((name) => !(name in graph)).map((name) => `graph.ts misses ${name}`),
    ...Object.keys(graph)
      .filter((name) => !folders.includes(name))
      .map((name) => `graph.ts lists ${name}, which is no module`),
  ];
}

async function main(): Promise<void> {
  const root = resolve(import.meta.dirname, '..');
  const { graph } = (await import(pathToFileURL(join(root, 'api/src/modules/graph.ts')).href)) as {
    graph: ModuleGraph;
  };
  const complaints = [...unlistedModules(root, graph), ...(await brokenImports(root, graph))];
  for (const complaint of complaints) console.error(complaint);
  console.log(complaints.length === 0 ? 'Every import keeps to the rules.' : '');
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

if (import.meta.main) await main();
