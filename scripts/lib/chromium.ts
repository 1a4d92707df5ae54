import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

/** The shell without windows is the same engine, and takes a fifth less of the processor. */
const ON_PATH = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map(
  (name) => join('/usr/bin', name),
);
const INSTALL_WITHIN_MS = 300_000;

function presentChromium(): string | null {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache/ms-playwright');
  const places = [
    process.env.CHROMIUM_PATH ?? '',
    ...ON_PATH,
    ...globSync(join(cache, 'chromium_headless_shell-*/chrome-*/*headless*shell')),
    ...globSync(join(cache, 'chromium-*/chrome-linux*/chrome')),
  ];
  return places.find((place) => place !== '' && existsSync(place)) ?? null;
}

async function tryInstall(): Promise<void> {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const quiet = { timeout_ms: INSTALL_WITHIN_MS, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await run(['apt-get', 'update', '-qq'], quiet);
    const installed = await run(
      ['apt-get', 'install', '-y', '-qq', 'chromium-headless-shell'],
      quiet,
    );
    if (installed.code === 0) return;
  }
  await run(['playwright', 'install', '--only-shell', 'chromium'], {
    timeout_ms: INSTALL_WITHIN_MS,
  });
}

/** The path of a Chromium, installed when there is none; throws a sentence that says what to do. */
export async function findChromium(): Promise<string> {
  const present = presentChromium();
  if (present !== null) return present;
  await tryInstall();
  const installed = presentChromium();
  if (installed !== null) return installed;
  throw new Error('No Chromium: install one, or say where it is with CHROMIUM_PATH.');
}
