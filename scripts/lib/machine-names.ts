import { machines } from '@berth/shared/machines';
import type { SourceFile } from '../tidy.ts';

/** Actions whose names mean other things on a page too: a message, a list, an import. */
const ORDINARY = new Set([
  ...['request', 'submit', 'import', 'complete', 'fail', 'message', 'create', 'change', 'list'],
]);
const names = [
  ...new Set(
    machines.flatMap(({ states, moves }) => [
      ...Object.keys(states),
      ...moves.map(({ action }) => action).filter((action) => !ORDINARY.has(action)),
    ]),
  ),
].join('|');

const NAMED = new RegExp(`(['"\`])(${names})\\1|^\\s*(${names}): ['"\`{([]`);

/** Where a name is that of something else. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'website/src/lib/features/admin/sync.ts': 'failed',
  'website/src/lib/features/market/panel.ts': 'listed',
  'website/src/lib/features/offerings/own/StatisticsCard.svelte': 'accepted',
};

/** The website takes states and actions from the machines' tables, and never names one. */
export function machineNames({ path, text }: SourceFile): string[] {
  if (!/^website\/src\/.*\.(ts|svelte)$/.test(path) || path.endsWith('.test.ts')) return [];
  return text.split('\n').flatMap((line, at) => {
    const [, , quoted, key] = NAMED.exec(line) ?? [];
    const name = quoted ?? key;
    return name === undefined || OTHERWISE[path] === name
      ? []
      : [`${path}:${at + 1} take ${name} from the machine's table in shared`];
  });
}
