import { counted } from '@berth/shared/count';
import type { RunReport } from '../../api/src/modules/icp-import/index.ts';

interface Outcome {
  status: 'applied' | 'kept' | 'refused';
  reason: string | null;
}
type Progress = Omit<RunReport, 'outcome' | 'detail'>;

const TELL_EVERY_MS = 500;
/** Different reasons that a summary lists; the database has them all. */
const SHOWN_REASONS = 30;
const KNOWN_REASONS = 1_000;
const MEBIBYTE = 1024 * 1024;

const grouped = (count: number): string => count.toLocaleString('en');
const mebibytes = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;

/** One line that is written over on a terminal, and a line at the end elsewhere. */
export function makeProgress(to: NodeJS.WriteStream) {
  const begun_ms = performance.now();
  let told_ms = -TELL_EVERY_MS;
  let last: Progress | null = null;
  const line = ({ blocks, entries, bytes, position, tip }: Progress): string => {
    const seconds = Math.max((performance.now() - begun_ms) / 1000, 0.001);
    const rate = grouped(Math.round(entries / seconds));
    const all = tip === null ? '' : ` of ${mebibytes(bytes + Math.max(0, tip - position))}`;
    const done = `${counted(blocks, 'block')}, ${counted(entries, 'entry', 'entries')}`;
    return `${done}, ${mebibytes(bytes)}${all}, ${rate} entries/s`;
  };
  return {
    tell(progress: Progress): void {
      last = progress;
      const now_ms = performance.now();
      if (!to.isTTY || now_ms - told_ms < TELL_EVERY_MS) return;
      told_ms = now_ms;
      to.write(`\r\u001b[K${line(progress)}`);
    },
    end(): void {
      if (last !== null) to.write(`${to.isTTY ? '\r\u001b[K' : ''}${line(last)}\n`);
    },
  };
}

/** Counts what came of the entries, by label, and why some were refused. */
export function makeSummary(dry_run: boolean) {
  const labels = new Map<string, Record<Outcome['status'], number>>();
  const reasons = new Map<string, number>();
  return {
    add(label: string, { status, reason }: Outcome): void {
      const row = labels.get(label) ?? { applied: 0, kept: 0, refused: 0 };
      row[status] += 1;
      labels.set(label, row);
      if (status !== 'refused') return;
      const said = `${label}: ${reason ?? ''}`;
      if (reasons.has(said) || reasons.size < KNOWN_REASONS) {
        reasons.set(said, (reasons.get(said) ?? 0) + 1);
      }
    },
    text({ outcome, position, blocks, entries }: RunReport): string {
      const what = dry_run ? 'Read, and wrote nothing' : 'Imported';
      const lines = [
        `${what}: ${counted(blocks, 'block')}, ${counted(entries, 'entry', 'entries')}, up to ${position}` +
          `${outcome === 'done' ? ', the end of the Internet Computer' : ''}.`,
      ];
      const rows = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
      if (rows.length > 0) {
        lines.push(tableLine('label', dry_run ? 'good' : 'applied', 'kept', 'refused'));
      }
      for (const [label, { applied, kept, refused }] of rows) {
        lines.push(tableLine(label, ...[applied, kept, refused].map(grouped)));
      }
      const most = [...reasons].sort(([, a], [, b]) => b - a);
      for (const [said, count] of most.slice(0, SHOWN_REASONS)) {
        lines.push(`refused ${grouped(count)} x ${said}`);
      }
      if (most.length > SHOWN_REASONS) {
        lines.push(`and ${counted(most.length - SHOWN_REASONS, 'more reason')}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

const tableLine = (label: string, ...figures: string[]): string =>
  `  ${label.padEnd(20)}${figures.map((figure) => figure.padStart(12)).join('')}`;
