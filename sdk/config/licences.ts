import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Notes which packages' code is in the bundle, whose licences must go with it. */
export function noteBundled(found: Set<string>): Plugin {
  return {
    name: 'berth:note-bundled',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const id of chunk.moduleIds) {
          const [folder] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id) ?? [];
          if (folder !== undefined) found.add(folder);
        }
      }
    },
  };
}

export function licencesOf(folders: Iterable<string>): string {
  const texts = [...folders].sort().map((folder) => {
    const source = readFileSync(join(folder, 'package.json'), 'utf8');
    const { name, version } = JSON.parse(source) as Record<string, unknown>;
    const text = readFileSync(join(folder, 'LICENSE'), 'utf8').trim();
    return `${String(name)} ${String(version)}\n\n${text}`;
  });
  return `The code of these packages is part of this one.\n\n${texts.join('\n\n---\n\n')}\n`;
}
