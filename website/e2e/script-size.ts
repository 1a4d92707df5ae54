import { gzipSync } from 'node:zlib';

/** An origin that only completes addresses: whoever reads knows where the pages are. */
const ANYWHERE = 'http://anywhere.example';

/**
 * The bytes of every script that a page names or that those import statically, each gzipped by
 * itself. What a page asks for later, such as the code that verifies, keeps nobody waiting for it.
 */
export async function scriptBytes(
  path: string,
  read: (path: string) => Promise<string>,
): Promise<number> {
  const at = (name: string, file: string) => new URL(name, ANYWHERE + file).pathname;
  const html = await read(path);
  const found = [...html.matchAll(/["'(]([^"'()\s]+\.js)["')]/g)].map(([, name]) => name as string);
  const waiting = found.map((name) => at(name, path));
  const seen = new Set<string>();
  let bytes = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const source = await read(file);
    bytes += gzipSync(source).length;
    const imports = source.matchAll(/(?:from|import)\s*["'](\.{1,2}\/[^"']+\.js)["']/g);
    for (const [, name] of imports) waiting.push(at(name as string, file));
  }
  if (seen.size === 0) throw new Error(`${path} names no script: is the website built?`);
  return bytes;
}
