/** Imported before a program: at its end it writes down the most memory that the process held. */
import { writeFileSync } from 'node:fs';

const file = process.env.PEAK_FILE;
if (file !== undefined) {
  process.once('exit', () => writeFileSync(file, String(process.resourceUsage().maxRSS)));
}
