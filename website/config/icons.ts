import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
const IMPORT = /@lucide\/svelte\/icons\/([a-z0-9-]+)/g;
const COMPONENT = /\/@lucide\/svelte\/dist\/icons\/([a-z0-9-]+)\.svelte$/;
/** Where the module of a name leads, and how a component holds its picture. */
const TARGET = /"\.\/([a-z0-9-]+\.svelte)"/;
const NODES = /"node": (\[\[.*?\}\]\])/;
const HASH_LENGTH = 8;

type Node = [tag: string, attributes: Record<string, string>];

/**
 * Keeps the pictures of icons out of pages and scripts. All that the website imports stand in one
 * file, which a browser keeps for good, and each lucide component becomes a reference into it:
 * a page of a hundred icons would else be drawn, sent and read with five times the markup.
 */
export function iconSprite(): Plugin {
  const read = (file: string) => readFileSync(file, 'utf8');
  const { resolve } = createRequire(import.meta.url);
  /** Old names lead to the new one's file. */
  const fileOf = (name: string): string => {
    const entry = resolve(`@lucide/svelte/icons/${name}`);
    return join(dirname(entry), part(TARGET, read(entry), name));
  };
  const files = globSync('**/*.{svelte,ts}', { cwd: SOURCES })
    .flatMap((file) => [...read(join(SOURCES, file)).matchAll(IMPORT)])
    .map(([, name]) => fileOf(name as string));
  const symbols = [...new Set(files)].sort().map((file) => {
    const picture = JSON.parse(part(NODES, read(file), file)) as Node[];
    const shapes = picture.map(elementOf).join('');
    return `<symbol id="${basename(file, '.svelte')}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
  const hash = createHash('sha256').update(source).digest('hex').slice(0, HASH_LENGTH);
  const fileName = `_app/immutable/icons.${hash}.svg`;

  return {
    name: 'berth:icon-sprite',
    enforce: 'pre',
    load: {
      filter: { id: COMPONENT },
      handler: (id) => componentOf(`/${fileName}#${COMPONENT.exec(id)?.[1] ?? ''}`),
    },
    generateBundle() {
      if (this.environment.name === 'client') this.emitFile({ type: 'asset', fileName, source });
    },
    configureServer({ middlewares }) {
      middlewares.use(`/${fileName}`, (_request, response) => {
        response.setHeader('content-type', 'image/svg+xml').end(source);
      });
    },
  };
}

function part(pattern: RegExp, text: string, name: string): string {
  const [, found] = pattern.exec(text) ?? [];
  if (found === undefined) throw new Error(`No picture in the icon ${name}: has lucide changed?`);
  return found;
}

const elementOf = ([tag, attributes]: Node): string =>
  `<${tag}${Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('')}/>`;

/** Its looks are those of `.icon`; a new name in the sources needs the dev server started anew. */
const componentOf = (href: string): string => `<script>
  const { size = 24, class: look } = $props();
</script>
<svg class={['icon', look]} width={size} height={size} aria-hidden="true">
  <use href="${href}" />
</svg>
`;
