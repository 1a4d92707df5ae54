import type { DependencyType, IForbiddenRuleType } from 'dependency-cruiser';

/** Which modules a module may use, by name; `api/src/modules/graph.ts` is the real one. */
export type ModuleGraph = Readonly<Record<string, readonly string[]>>;

const TEST = String.raw`(\.test\.ts$|^(api|sdk|cli)/test/)`;
const API = '^api/src/';
/** A file of shared that needs Node. */
const NODE_FILE = String.raw`^shared/src/.*-node\.ts$`;
const MODULE = '^api/src/modules/([^/]+)/';
const npm = (...names: string[]): string => `(^|node_modules/)(${names.join('|')})(/|$)`;
const PACKAGE: DependencyType[] = ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-peer'];

/**
 * What each layer of the API may import of the API, besides itself; types of context.ts go
 * anywhere.
 */
const layers: Record<string, { path: string; mayUse: string }> = {
  lib: { path: 'lib/', mayUse: 'lib/' },
  db: { path: 'db/', mayUse: '(lib|db)/' },
  files: { path: 'files/', mayUse: '(lib|files)/' },
  offerings: { path: 'offerings/', mayUse: '(lib|files|offerings)/|db/offering-rows\\.ts' },
  mail: { path: 'mail/', mayUse: '(lib|mail|ports)/' },
  engine: { path: 'engine/', mayUse: '(lib|db|engine)/' },
  search: { path: 'search/', mayUse: '(lib|db|search)/' },
  ports: { path: 'ports/', mayUse: '(lib|ports)/' },
  adapters: { path: 'adapters/', mayUse: '(lib|ports|adapters)/' },
  config: { path: 'config\\.ts', mayUse: 'lib/' },
  http: { path: 'http/', mayUse: '(lib|db|http)/|config\\.ts' },
  workers: { path: 'jobs/', mayUse: '(lib|db|ports|jobs)/|modules/[^/]+/(index|jobs)\\.ts' },
  repo: { path: 'modules/[^/]+/repo[^/]*\\.ts', mayUse: '(lib|db)/|modules/[^/]+/repo[^/]*\\.ts' },
  service: {
    path: 'modules/[^/]+/service[^/]*\\.ts',
    mayUse:
      '(lib|db|ports|engine|files|mail|offerings)/|search/index-port\\.ts|modules/[^/]+/((repo|service)[^/]*|index)\\.ts',
  },
  jobs: {
    path: 'modules/[^/]+/jobs[^/]*\\.ts',
    mayUse:
      '(lib|db|ports|engine|files|mail|offerings)/|modules/[^/]+/((repo|service|jobs)[^/]*|index)\\.ts',
  },
  routes: {
    path: 'modules/[^/]+/routes\\.ts',
    mayUse: '(lib|http|offerings)/|modules/[^/]+/(service[^/]*|index)\\.ts',
  },
  index: {
    path: 'modules/[^/]+/index\\.ts',
    mayUse: 'modules/[^/]+/((repo|service|jobs)[^/]*|routes)\\.ts',
  },
};

const layerRules: IForbiddenRuleType[] = Object.entries(layers).map(([name, { path, mayUse }]) => ({
  name: `layer-${name}`,
  comment: `api ${name} may use ${mayUse} of the API only`,
  from: { path: `${API}(${path})`, pathNot: TEST },
  to: { path: API, pathNot: `${API}(${mayUse}|context\\.ts)` },
}));

const workspaceRules: IForbiddenRuleType[] = [
  {
    name: 'shared-is-lowest',
    comment: 'shared imports nothing of ours above it',
    from: { path: '^shared/' },
    to: { path: '^(api|website|sdk|cli|scripts)/' },
  },
  {
    name: 'shared-packages',
    comment: 'shared runs in every browser: a new package there is a decision',
    from: { path: '^shared/src/', pathNot: TEST },
    to: {
      dependencyTypes: PACKAGE,
      pathNot: npm(
        'zod',
        'tweetnacl',
        'canonicalize',
        'ibantools',
        'jsvat-next',
        '@(noble|scure|hpke)/[^/]+',
      ),
    },
  },
  {
    name: 'shared-runs-in-browsers',
    comment: 'node: modules appear in files named *-node.ts only',
    from: { path: '^shared/src/', pathNot: [TEST, NODE_FILE] },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'node-files',
    comment: 'what needs Node belongs to the API and the scripts',
    from: { pathNot: ['^(api|scripts)/', TEST, NODE_FILE] },
    to: { path: NODE_FILE },
  },
  {
    name: 'endpoints-by-domain',
    comment: 'a domain’s endpoints are imported by domain; all are for OpenAPI, docs and tests',
    from: {
      path: '^(api|website)/src/',
      pathNot: [
        TEST,
        `${API}(app\\.ts|modules/platform/routes\\.ts)`,
        '^website/src/lib/server/docs/',
      ],
    },
    to: { path: '^shared/src/endpoints\\.ts$' },
  },
  {
    name: 'api-alone',
    comment: 'the API imports shared, never the website or the scripts',
    from: { path: API },
    to: { path: '^(website|sdk|cli|scripts)/' },
  },
  {
    name: 'website-alone',
    comment: 'the website imports shared, never the API or the scripts',
    from: { path: '^website/src/' },
    to: { path: '^(api|scripts)/' },
  },
  {
    name: 'sdk-alone',
    comment: 'the SDK is made of shared alone, and runs in browsers',
    from: { path: '^sdk/src/' },
    to: { path: '.', pathNot: '^(sdk/src|shared/src)/' },
  },
  {
    name: 'cli-by-sdk',
    comment: 'the command line asks through the SDK, as everybody else’s programs do',
    from: { path: '^cli/src/' },
    to: { path: '^(api|website|scripts)/|^shared/src/.*endpoints\\.ts$' },
  },
];

/** What the API is made of; every other package belongs to a vendor, and so to an adapter. */
const LIBRARIES = [
  npm('fastify[^/]*', '@fastify/[^/]+', 'zod', 'kysely', 'better-sqlite3', 'pg', 'pino'),
  npm('@myriaddreamin/typst-ts-node-compiler', 'uqr'),
  npm('@noble/[^/]+', 'csv-stringify', '@types/(better-sqlite3|pg|node)'),
];

const apiRules: IForbiddenRuleType[] = [
  {
    name: 'http-for-routes',
    comment: 'http is used by routes and by the app only',
    from: { path: API, pathNot: [TEST, `${API}(http/|app\\.ts|berth\\.ts|.*/routes\\.ts)`] },
    to: { path: `${API}http/` },
  },
  {
    name: 'adapters-for-deps',
    comment: 'only deps.ts chooses adapters; the rest knows ports',
    from: { path: API, pathNot: [TEST, `${API}(deps\\.ts|adapters/)`] },
    to: { path: `${API}adapters/` },
  },
  {
    name: 'adapters-apart',
    comment: 'an adapter knows one vendor',
    from: { path: `${API}adapters/([^/]+)/`, pathNot: TEST },
    to: { path: `${API}adapters/[^/]+/`, pathNot: `${API}adapters/$1/` },
  },
  {
    name: 'assembly',
    comment: 'lib <- … <- app <- berth <- main: nothing below imports app, berth, deps or main',
    from: { path: API, pathNot: [TEST, `${API}(main|berth)\\.ts`] },
    to: { path: `${API}(main|app|berth|deps)\\.ts` },
  },
  {
    name: 'context-is-types',
    comment: 'context.ts is the shape of what is passed on; nothing runs there',
    from: { path: API },
    to: { path: `${API}context\\.ts`, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'kysely-in-repos',
    comment: 'SQL is written in repo.ts and db/ only',
    from: { path: API, pathNot: [TEST, `${API}(db/|context\\.ts|modules/[^/]+/repo[^/]*\\.ts)`] },
    to: { path: npm('kysely') },
  },
  {
    name: 'drivers-in-db',
    comment: 'the two database drivers are opened in db/ only',
    from: { path: API, pathNot: [TEST, `${API}db/`] },
    to: { path: npm('better-sqlite3', 'pg', '@types/better-sqlite3', '@types/pg') },
  },
  {
    name: 'fastify-at-the-edge',
    comment: 'services, repos and jobs know nothing of HTTP',
    from: {
      path: API,
      pathNot: [TEST, `${API}(http/|app\\.ts|berth\\.ts|context\\.ts|.*/routes\\.ts)`],
    },
    to: { path: npm('fastify[^/]*', '@fastify/[^/]+') },
  },
  {
    name: 'vendors-in-adapters',
    comment: 'a package of a vendor is imported by its adapter only',
    from: { path: API, pathNot: [TEST, `${API}adapters/`] },
    to: {
      dependencyTypes: PACKAGE,
      pathNot: LIBRARIES,
    },
  },
];

/** In each folder of `place` only what its graph lists may be imported of the others. */
const graphRules = (kind: string, place: string, graph: ModuleGraph): IForbiddenRuleType[] =>
  Object.entries(graph).map(([name, uses]) => ({
    name: `${kind}-graph-${name}`,
    comment: `${name} may use ${uses.join(', ') || 'no other'} of ${place}`,
    from: { path: `^${place}/${name}/`, pathNot: TEST },
    to: { path: `^${place}/[^/]+/`, pathNot: `^${place}/(${[name, ...uses].join('|')})/` },
  }));

const moduleRules: IForbiddenRuleType[] = [
  {
    name: 'module-by-index',
    comment: 'another module is reached through its index.ts only',
    from: { path: MODULE, pathNot: TEST },
    to: { path: `${API}modules/[^/]+/`, pathNot: `${API}modules/($1/|[^/]+/index\\.ts)` },
  },
  {
    name: 'module-from-outside',
    comment: 'app, jobs and deps take routes.ts, jobs.ts and index.ts of a module, nothing else',
    from: { path: API, pathNot: [TEST, `${API}modules/`] },
    to: {
      path: `${API}modules/[^/]+/`,
      pathNot: `${API}modules/[^/]+/(index|routes|jobs)\\.ts`,
    },
  },
];

const everywhere: IForbiddenRuleType[] = [
  {
    name: 'no-circle',
    comment: 'two files that need each other are one file, or three',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-test-in-product',
    comment: 'what tests share is not part of the product',
    from: { path: '^(shared|api|website|sdk|cli)/src/', pathNot: TEST },
    to: { path: [TEST, '^website/e2e/'] },
  },
  {
    name: 'resolvable',
    comment: 'every import leads somewhere',
    from: {},
    to: { couldNotResolve: true, pathNot: '^(\\$|\\./\\$types|virtual:)' },
  },
];

/** Who may use whom in each of the three places that are parted into folders. */
export interface Graphs {
  modules: ModuleGraph;
  shared: ModuleGraph;
  features: ModuleGraph;
}

export const places: Readonly<Record<keyof Graphs, string>> = {
  modules: 'api/src/modules',
  shared: 'shared/src',
  features: 'website/src/lib/features',
};

/** Who may import whom, as dependency-cruiser rules for these graphs. */
export const importRules = ({ modules, shared, features }: Graphs): IForbiddenRuleType[] => [
  ...workspaceRules,
  ...layerRules,
  ...apiRules,
  ...moduleRules,
  ...graphRules('module', places.modules, modules),
  ...graphRules('shared', places.shared, shared),
  ...graphRules('feature', places.features, features),
  ...everywhere,
];
