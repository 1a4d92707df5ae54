import type { ImportReply } from '@berth/shared/offerings/schemas';

/** Marks that are found by the look of a file; any other must be said in its first line. */
const FOUND = [',', ';', '\t', '|'];

/** The refused rows as a file of the same shape as the one they came from. */
export function refusedFile(
  { rows, layout }: Pick<ImportReply, 'rows' | 'layout'>,
  file_name: string,
): { name: string; text: string } {
  const sources = rows.filter(({ action }) => action === 'refused').map(({ source }) => source);
  const base = file_name.replace(/(?:-refused)?\.[a-z]+$/i, '') || 'list';
  if (layout === null) {
    const text = `[\n${sources.join(',\n')}\n]\n`;
    return { name: `${base}-refused.json`, text };
  }
  const { delimiter, header } = layout;
  const said = FOUND.includes(delimiter) ? [] : [`sep=${delimiter}`];
  const text = `${[...said, header, ...sources].join('\r\n')}\r\n`;
  return { name: `${base}-refused.csv`, text };
}
