/** Who may import whom: `node scripts/architecture.ts` prints each import that breaks a rule. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';
import { importRules, places, type Graphs, type ModuleGraph } from './config/architecture.ts';
import { featureGraph, sharedGraph } from './config/domains.ts';

const PARTS = [
  'shared/src',
  'api/src',
  'api/test',
  'website/src',
  'website/e2e',
  'sdk',
  'cli',
  'scripts',
];

/** One sentence for each import below `root` that breaks a rule of these graphs. */
export async function brokenImports(root: string, graphs: Graphs): Promise<string[]> {
  const parts = PARTS.filter((part) => existsSync(join(root, part)));
  const { output } = await cruise(
    parts,
    {
      baseDir: root,
      ruleSet: { forbidden: importRules(graphs) },
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

/** The folders that a graph forgets or invents; every folder has its line. */
export function unlistedFolders(root: string, graphs: Graphs): string[] {
  return Object.entries(places).flatMap(([kind, place]) => {
    const graph = graphs[kind as keyof Graphs];
    const folders = readdirSync(join(root, place), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    return [
      ...folders.filter((name) => !(name in graph)).map((name) => `${place}/${name} is not listed`),
      ...Object.keys(graph)
        .filter((name) => !folders.includes(name))
        .map((name) => `${place}/${name} is listed, and not there`),
    ];
  });
}

/** The names along a circle of a graph; none where there is no circle. */
export function circleIn(graph: ModuleGraph): string[] {
  const done = new Set<string>();
  const from = (name: string, above: readonly string[]): string[] => {
    if (above.includes(name)) return [...above.slice(above.indexOf(name)), name];
    if (done.has(name)) return [];
    for (const used of graph[name] ?? []) {
      const circle = from(used, [...above, name]);
      if (circle.length > 0) return circle;
    }
    done.add(name);
    return [];
  };
  return (
    Object.keys(graph)
      .map((name) => from(name, []))
      .find(({ length }) => length > 0) ?? []
  );
}

async function main(): Promise<void> {
  const root = resolve(import.meta.dirname, '..');
  const { graph } = (await import(pathToFileURL(join(root, 'api/src/modules/graph.ts')).href)) as {
    graph: ModuleGraph;
  };
  const graphs = { modules: graph, shared: sharedGraph, features: featureGraph };
  const circles = Object.values(graphs)
    .map(circleIn)
    .filter(({ length }) => length > 0);
  const complaints = [
    ...unlistedFolders(root, graphs),
    ...circles.map((circle) => `a circle: ${circle.join(' -> ')}`),
    ...(await brokenImports(root, graphs)),
  ];
  for (const complaint of complaints) console.error(complaint);
  console.log(complaints.length === 0 ? 'Every import keeps to the rules.' : '');
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

if (import.meta.main) await main();
