/** Titles and texts whose words are met as in a language: a few always, most hardly ever. */
import { evenly, makeDraw, zipf, type Draw } from './draw.ts';

const COINED = 12_000;
const COINED_SEED = 1;

const heads = [...'bdfghjklmnprstvz', 'br', 'dr', 'kr', 'tr', 'st', 'sk', 'sv', 'th'];
const vowels = ['a', 'e', 'i', 'o', 'u', 'ia', 'ei', 'ou'];
const tails = ['', '', '', 'l', 'n', 'r', 's', 'x', 'nd', 'rk'];

/** Names that nobody has, two or three syllables, none twice. */
function coin(count: number): string[] {
  const draw = makeDraw(COINED_SEED);
  const pick = { head: evenly(heads), vowel: evenly(vowels), tail: evenly(tails) };
  const made = new Set<string>();
  while (made.size < count) {
    const syllables = 2 + draw.below(2);
    let word = '';
    for (let at = 0; at < syllables; at += 1) word += pick.head(draw) + pick.vowel(draw);
    word += pick.tail(draw);
    made.add(word.charAt(0).toUpperCase() + word.slice(1));
  }
  return [...made];
}

const names = coin(COINED);
const pickName = zipf(names);
/** Every name as often as another. */
const coinedName = (at: number): string => names[at % names.length] as string;

const pickUse = zipf([
  ...['inference', 'training', 'fine-tuning', 'rendering', 'web services', 'databases'],
  ...['simulation', 'game servers', 'video encoding', 'backups', 'CI runners', 'notebooks'],
  ...['image generation', 'speech recognition', 'protein folding', 'analytics', 'batch jobs'],
  ...['model serving', 'crawling', 'mail', 'genomics', 'molecular dynamics', 'ray tracing'],
  ...['finite elements', 'weather models', 'backtesting', 'photogrammetry', 'archives'],
]);

const pickTrait = zipf([
  ...['dedicated', 'low latency', 'quiet neighbours', 'fast disks', 'liquid cooled'],
  ...['overclocked', 'green energy', 'tier III hall', 'no oversubscription', 'hourly billing'],
  ...['root access', 'bare metal', 'spare parts on site', 'air cooled', 'hydropower'],
  ...['refurbished', 'burst friendly', 'air gapped on request', 'remote hands', 'dual power'],
]);

const pickSentence = zipf([
  'Ready a few minutes after you ask.',
  'Support answers on working days.',
  'The disk is wiped after every rental.',
  'Traffic inside the site is free.',
  'Images with drivers are kept up to date.',
  'Your keys are installed before the first boot.',
  'Monitoring is included.',
  'Maintenance is announced a week before.',
  'Two carriers, each with a path of its own.',
  'The hall is locked and watched.',
  'Reverse DNS can be set on request.',
  'Longer rentals are welcome.',
  'No mining.',
  'Ports for mail are open after a check of identity.',
  'An older kernel is kept for those who need one.',
]);

/** What follows the product in a title, often nothing. */
export function titleTail(draw: Draw, city: string): string {
  const chance = draw.next();
  if (chance < 0.25) return ` in ${city}`;
  if (chance < 0.45) return `, ${pickTrait(draw)}`;
  if (chance < 0.6) return ` for ${pickUse(draw)}`;
  if (chance < 0.8) return ` ${pickName(draw)}`;
  return chance < 0.9 ? ` ${pickName(draw)}, ${city}` : '';
}

export function description(draw: Draw): string {
  const first = `For ${pickUse(draw)} and ${pickUse(draw)}: ${pickTrait(draw)}.`;
  const line = `Part of our ${pickName(draw)} line, rack ${pickName(draw)}.`;
  const some = draw.below(4);
  let text = draw.chance(0.7) ? `${first} ${line}` : first;
  for (let at = 0; at < some; at += 1) text += ` ${pickSentence(draw)}`;
  return text;
}

const pickFirm = zipf(['Compute', 'Cloud', 'Metal', 'Hosting', 'Systems', 'Data', 'GPU', 'Labs']);

/** A provider's name and handle; `at` keeps the handle its own. */
export function firmName(draw: Draw, at: number): { display_name: string; handle: string } {
  const display_name = `${coinedName(at * 7)} ${pickFirm(draw)}`;
  return { display_name, handle: `${display_name.toLowerCase().replace(' ', '-')}-${at + 1}` };
}
