import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { graph } from '../api/src/modules/graph.ts';
import { brokenImports, circleIn, unlistedFolders } from './architecture.ts';
import { importRules } from './config/architecture.ts';
import { featureGraph, sharedGraph } from './config/domains.ts';

const ROOT = resolve(import.meta.dirname, '..');
const GRAPHS = { modules: graph, shared: sharedGraph, features: featureGraph };
const PLANTED_GRAPHS = {
  modules: { contracts: ['offerings'], offerings: [], accounts: [] },
  shared: { signing: [], carts: ['signing'] },
  features: { keys: [], carts: ['keys'] },
};

/** A tree that keeps every rule; each planted file adds one import that does not. */
const CLEAN: Record<string, string> = {
  'package.json': '{ "name": "planted", "type": "module" }',
  'shared/src/money.ts': `import * as z from 'zod'; export const money = z.string();`,
  'shared/src/endpoints.ts': `export const endpoints = 1;`,
  'shared/src/signing/verify-node.ts': `import 'node:crypto'; export const verify = 1;`,
  'shared/src/signing/bytes.ts': `export const bytes = 1;`,
  'shared/src/carts/cart.ts': `import '../signing/bytes.ts'; export const cart = 1;`,
  'api/src/lib/clock.ts': `export const clock = 1;`,
  'api/src/db/database.ts': `import 'better-sqlite3'; import '../lib/clock.ts';`,
  'api/src/ports/mail.ts': `export interface Mail { to: string }`,
  'api/src/adapters/fake/index.ts': `import type { Mail } from '../../ports/mail.ts';
    export const fake = (mail: Mail) => mail;`,
  'api/src/adapters/post/index.ts': `export const post = 1;`,
  'api/src/config.ts': `export const config = 1;`,
  'api/src/context.ts': `import type { Kysely } from 'kysely'; export type Db = Kysely<unknown>;`,
  'api/src/http/mount.ts': `import 'fastify'; export const mount = 1;`,
  'api/src/modules/accounts/index.ts': `export const accounts = 1;`,
  'api/src/modules/offerings/repo.ts': `import 'kysely'; export const stock = 1;`,
  'api/src/modules/offerings/index.ts': `export { stock } from './repo.ts';`,
  'api/src/modules/contracts/repo.ts': `import 'kysely'; import '../../db/database.ts';`,
  'api/src/modules/contracts/service.ts': `import './repo.ts';
    import '../offerings/index.ts'; import type { Db } from '../../context.ts';
    export const accept = (db: Db) => db;`,
  'api/src/modules/contracts/jobs.ts': `import './service.ts';`,
  'api/src/modules/contracts/routes.ts': `import '../../http/mount.ts'; import './service.ts';`,
  'api/src/modules/contracts/index.ts': `export { accept } from './service.ts';`,
  'api/src/deps.ts': `import './adapters/fake/index.ts'; import './config.ts';`,
  'api/src/app.ts': `import './modules/contracts/routes.ts';`,
  'api/src/berth.ts': `import './app.ts'; import './deps.ts';`,
  'api/src/main.ts': `import './berth.ts';`,
  'api/test/harness.ts': `import '../src/app.ts';`,
  'website/src/lib/api.ts': `import '../../../shared/src/money.ts'; export const api = 1;`,
  'website/src/lib/Page.svelte': `<script lang="ts">import { api } from '$lib/api';</script>{api}`,
  'website/src/lib/features/keys/keys.ts': `export const keys = 1;`,
  'website/src/lib/features/carts/cart.ts': `import '$lib/features/keys/keys'; import '../keys/keys';`,
  'website/e2e/rent.ts': `export const rent = 1;`,
  'scripts/seed.ts': `import '../api/src/app.ts';`,
};

/** Rule -> the file that breaks it and what it imports. */
const PLANTED: Record<string, [file: string, imported: string]> = {
  'shared-is-lowest': ['shared/src/bad.ts', '../../api/src/lib/clock.ts'],
  'shared-packages': ['shared/src/bad.ts', 'pino'],
  'shared-runs-in-browsers': ['shared/src/bad.ts', 'node:fs'],
  'node-files': ['website/src/lib/bad.ts', '../../../shared/src/signing/verify-node.ts'],
  'endpoints-by-domain': ['website/src/lib/bad.ts', '../../../shared/src/endpoints.ts'],
  'api-alone': ['api/src/lib/bad.ts', '../../../scripts/seed.ts'],
  'sdk-alone': ['sdk/src/bad.ts', '../../api/src/lib/clock.ts'],
  'cli-by-sdk': ['cli/src/bad.ts', '../../api/src/lib/clock.ts'],
  'website-alone': ['website/src/lib/bad.ts', '../../../api/src/lib/clock.ts'],
  'layer-lib': ['api/src/lib/bad.ts', '../db/database.ts'],
  'layer-db': ['api/src/db/bad.ts', '../modules/contracts/repo.ts'],
  'layer-files': ['api/src/files/bad.ts', '../db/database.ts'],
  'layer-mail': ['api/src/mail/bad.ts', '../db/database.ts'],
  'layer-offerings': ['api/src/offerings/bad.ts', '../db/database.ts'],
  'layer-engine': ['api/src/engine/bad.ts', '../modules/contracts/repo.ts'],
  'layer-ports': ['api/src/ports/bad.ts', '../db/database.ts'],
  'layer-adapters': ['api/src/adapters/post/bad.ts', '../../db/database.ts'],
  'layer-search': ['api/src/search/bad.ts', '../http/mount.ts'],
  'layer-config': ['api/src/config.ts', './db/database.ts'],
  'layer-http': ['api/src/http/bad.ts', '../modules/contracts/index.ts'],
  'layer-workers': ['api/src/jobs/worker.ts', '../http/mount.ts'],
  'layer-repo': ['api/src/modules/contracts/repo-bad.ts', './service.ts'],
  'layer-service': ['api/src/modules/contracts/service-bad.ts', '../../http/mount.ts'],
  'layer-jobs': ['api/src/modules/offerings/jobs.ts', '../../http/mount.ts'],
  'layer-routes': ['api/src/modules/contracts/routes.ts', './repo.ts'],
  'layer-index': ['api/src/modules/accounts/index.ts', '../../db/database.ts'],
  'http-for-routes': ['api/src/jobs/worker.ts', '../http/mount.ts'],
  'adapters-for-deps': ['api/src/jobs/worker.ts', '../adapters/fake/index.ts'],
  'adapters-apart': ['api/src/adapters/fake/bad.ts', '../post/index.ts'],
  assembly: ['api/src/jobs/worker.ts', '../app.ts'],
  'context-is-types': ['api/src/jobs/worker.ts', '../context.ts'],
  'kysely-in-repos': ['api/src/modules/contracts/service-bad.ts', 'kysely'],
  'drivers-in-db': ['api/src/jobs/worker.ts', 'better-sqlite3'],
  'fastify-at-the-edge': ['api/src/modules/contracts/service-bad.ts', 'fastify'],
  'vendors-in-adapters': ['api/src/jobs/worker.ts', 'yaml'],
  'module-by-index': ['api/src/modules/contracts/service-bad.ts', '../offerings/repo.ts'],
  'module-from-outside': ['api/src/jobs/worker.ts', '../modules/contracts/service.ts'],
  'module-graph-contracts': ['api/src/modules/contracts/service-bad.ts', '../accounts/index.ts'],
  'module-graph-offerings': ['api/src/modules/offerings/service.ts', '../contracts/index.ts'],
  'module-graph-accounts': ['api/src/modules/accounts/service.ts', '../contracts/index.ts'],
  'shared-graph-signing': ['shared/src/signing/bad.ts', '../carts/cart.ts'],
  'shared-graph-carts': ['shared/src/carts/bad.ts', '../offers/offer.ts'],
  'feature-graph-keys': ['website/src/lib/features/keys/bad.ts', '../carts/cart'],
  'feature-graph-carts': ['website/src/lib/features/carts/Bad.svelte', '$lib/features/front/page'],
  'no-circle': ['api/src/lib/circle.ts', './turn.ts'],
  'no-test-in-product': ['api/src/jobs/worker.ts', '../../test/harness.ts'],
  resolvable: ['shared/src/bad.ts', './nowhere.ts'],
};

const trees: string[] = [];

function plant(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'berth-planted-'));
  trees.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

afterEach(() => {
  for (const root of trees.splice(0)) rmSync(root, { recursive: true });
});

describe('who may import whom', () => {
  test('every import of this repository keeps to the rules', async () => {
    expect(await brokenImports(ROOT, GRAPHS)).toEqual([]);
  });

  test('the graphs list every folder, and nothing that is none', () => {
    expect(unlistedFolders(ROOT, GRAPHS)).toEqual([]);
    const root = plant({ ...CLEAN, 'api/src/modules/bids/index.ts': '' });
    const modules = { ...PLANTED_GRAPHS.modules, quotes: [] };
    expect(unlistedFolders(root, { ...PLANTED_GRAPHS, modules })).toEqual([
      'api/src/modules/bids is not listed',
      'api/src/modules/quotes is listed, and not there',
    ]);
  });

  test('no graph has a circle', () => {
    expect(Object.values(GRAPHS).flatMap(circleIn)).toEqual([]);
    expect(circleIn({ a: ['b'], b: ['c'], c: ['b'] })).toEqual(['b', 'c', 'b']);
  });

  test('a tree that keeps the rules is left alone', async () => {
    expect(await brokenImports(plant(CLEAN), PLANTED_GRAPHS)).toEqual([]);
  });

  test('every import rule has a planted violation', () => {
    const names = importRules(PLANTED_GRAPHS).map(({ name }) => name);
    expect(Object.keys(PLANTED).sort()).toEqual(names.sort());
  });

  test.each(Object.entries(PLANTED))('the rule %s bites', async (rule, [file, imported]) => {
    const root = plant({
      ...CLEAN,
      'shared/src/offers/offer.ts': '',
      'website/src/lib/features/front/page.ts': '',
      'api/src/lib/turn.ts': `import './circle.ts';`,
      [file]: file.endsWith('.svelte')
        ? `<script lang="ts">import '${imported}';</script>`
        : `${CLEAN[file] ?? ''}\nimport '${imported}';`,
    });
    const broken = await brokenImports(root, PLANTED_GRAPHS);
    expect(broken.join('\n')).toContain(`${rule}: ${file} -> `);
  });
});
