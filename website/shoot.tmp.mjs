import { chromium } from '@playwright/test';
const [,, role, scheme, width, ...paths] = process.argv;
const b = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH });
const c = await b.newContext({ viewport: { width: +width, height: +width < 600 ? 844 : 900 }, colorScheme: scheme, baseURL: 'http://localhost:3777' });
const p = await c.newPage();
if (role !== 'none') { await p.goto('/sign-in'); await p.waitForTimeout(1200); await p.getByRole('button', { name: new RegExp(role, 'i') }).first().click(); await p.waitForURL(/dashboard/, { timeout: 15000 }); }
for (const path of paths) { const full = path.startsWith('+'); const u = path.replace(/^\+/, ''); await p.goto(u); await p.waitForTimeout(900); await p.screenshot({ path: `/tmp/shots/${role}-${scheme}-${width}-${u.replace(/[^a-z0-9]+/gi, '_').slice(0,50)}.png`, fullPage: full }); }
await b.close();
