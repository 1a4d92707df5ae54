/** How figures are written in docs/benchmarks.md. */
export const whole = (n: number): string => Math.round(n).toLocaleString('en');
export const ms = (n: number): string => n.toFixed(n < 10 ? 2 : 1);
export const ratio = (a: number, b: number): string => (a / b).toFixed(2);
export const mib = (bytes: number): string => whole(bytes / 2 ** 20);

export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
