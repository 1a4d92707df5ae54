import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the repository at `root` that git keeps or would keep, as relative paths. */
export function repositoryFiles(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: root });
  return listed
    .toString()
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .sort();
}

/** Path -> text of the TypeScript and the components there. */
export function sourcesOf(root: string): Map<string, string> {
  const paths = repositoryFiles(root).filter((path) => /\.(ts|svelte)$/.test(path));
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
