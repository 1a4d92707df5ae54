import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
/** People who are signed in to a browser of their own, without going through the pages for it. */
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { fromHex, toHex } from '@berth/shared/signing/bytes';
import { encryptionSecretOf } from '@berth/shared/signing/keys';
import { makePerson, signUp, type Client, type Server } from '../../api/test/people.ts';
import type { Berth } from './berth.ts';
import { open } from './harness.ts';

export interface Visitor {
  page: Page;
  /** The same person through HTTP, in the session of this browser. */
  client: Client;
  close(): Promise<void>;
}

interface Ask {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

/** Speaks HTTP from inside a page, so that its browser keeps the session's cookie. */
function serverIn(page: Page): Server {
  const inject = async (options: Record<string, unknown>) => {
    const { method, url, headers, payload } = options;
    const body = payload === undefined ? null : JSON.stringify(payload);
    const ask = { method, url, headers, body } as Ask;
    const answer = await page.evaluate(async ({ method, url, headers, body }: Ask) => {
      const type: Record<string, string> =
        body === null ? {} : { 'content-type': 'application/json' };
      const { cookie: _, origin: __, ...own } = headers;
      const reply = await fetch(url, { method, body, headers: { ...own, ...type } });
      const { status } = reply;
      return { status, headers: [...reply.headers.entries()], text: await reply.text() };
    }, ask);
    return {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers) as Record<string, string>,
      payload: answer.text,
      json: () => JSON.parse(answer.text) as unknown,
    };
  };
  const clock = { now: () => new Date().toISOString(), nowMs: () => Date.now() };
  return { app: { inject } as unknown as Server['app'], clock };
}

const PKCS8 = {
  ed25519: '302e020100300506032b657004220420',
  x25519: '302e020100300506032b656e04220420',
};

/** Leaves in the browser what its own sign-up would leave there. */
async function rememberIn(page: Page, client: Client): Promise<void> {
  const { account, account_key, device_key, delegation } = client;
  const encryption = encryptionSecretOf(fromHex(account_key.secret));
  if (delegation === null) throw new Error('A person without a delegation');
  const { id, handle, display_name } = account;
  const kept = {
    account: { id, handle, display_name },
    account_key: account_key.public_key,
    device_key: device_key.public_key,
    encryption_key: encryption.public_key,
    delegation,
    session_expires_at: delegation.delegation.expires_at,
  };
  const secrets = {
    signing: PKCS8.ed25519 + device_key.secret,
    encryption: PKCS8.x25519 + toHex(encryption.secret),
  };
  await page.evaluate(
    async ({ kept, secrets }) => {
      const bytes = (hex: string) =>
        Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      const { subtle } = crypto;
      const [private_key, encryption_secret] = await Promise.all([
        subtle.importKey('pkcs8', bytes(secrets.signing), 'Ed25519', false, ['sign']),
        subtle.importKey('pkcs8', bytes(secrets.encryption), 'X25519', false, ['deriveBits']),
      ]);
      await new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('berth', 2);
        opening.onupgradeneeded = () => opening.result.createObjectStore('device');
        opening.onerror = () => reject(new Error('IndexedDB did not open'));
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('device', 'readwrite');
          transaction
            .objectStore('device')
            .put({ ...kept, private_key, encryption_secret }, 'this');
          transaction.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      });
    },
    { kept, secrets },
  );
}

const BLANK = '<!doctype html><html lang="en"><title>Blank</title>';
let people = 0;

/** Somebody new, signed in to a browser of their own. */
export async function visitor(
  browser: Browser,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // No page of ours: that would look whether somebody is remembered, and sign them in anew.
  await page.route('/blank', (route) => route.fulfill({ contentType: 'text/html', body: BLANK }));
  await page.goto('/blank');
  people += 1;
  const handle = `${name.toLowerCase().replaceAll(' ', '-')}-${process.pid}-${people}`;
  const client = await signUp(serverIn(page), handle, {
    person: makePerson(),
    display_name: name,
    transport: 'cookie',
  });
  await rememberIn(page, client);
  return { page, client, close: () => context.close() };
}

/** Somebody new whom the command on the machine makes an admin of this server. */
export async function adminOn(
  { data_dir }: Pick<Berth, 'data_dir'>,
  browser: Browser,
  name: string,
): Promise<Visitor> {
  const admin = await visitor(browser, name);
  execFileSync(process.execPath, ['scripts/admin.ts', 'grant', admin.client.account.handle], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, DATA_DIR: data_dir },
  });
  return admin;
}

/** Opens a page and waits until news reach it. */
export async function openLive(page: Page, address: string): Promise<void> {
  const stream = page.waitForResponse(
    (reply) => new URL(reply.url()).pathname === '/api/v1/stream',
  );
  await open(page, address);
  await stream;
}

/** As where another window of this browser found that anything may have changed. */
export const resetStream = (page: Page): Promise<void> =>
  page.evaluate(() => new BroadcastChannel('berth stream').postMessage('reset'));
