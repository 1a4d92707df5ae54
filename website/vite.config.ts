import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { iconSprite } from './config/icons.ts';
import { lightShared } from './config/light-shared.ts';

const DEV_PORT = 5173;

/**
 * The one style attribute there is: that of Kit's route announcer. A new Kit may need a new hash.
 */
const ANNOUNCER_STYLE = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

/**
 * What goes together, with all that it imports: a few large files compress better than a hundred
 * small ones. Each takes what those before have left; whatever imports schemas would bring zod.
 */
const chunks = [
  { name: 'every-page', test: /src\/routes\/\+(layout|error)\.svelte$/ },
  // What a contract's page shows of an offering too, and the icons of the dashboard's links.
  {
    name: 'figures',
    test: /(ui\/(Money|Badge|KeyText)|OnChainMark|icons\/(heart|server))\.svelte$|offerings\/(specs|prices)\.ts$|lib\/hours\.ts$/,
  },
  // The icons of the dashboard's other links: by itself each would be three times as large.
  {
    name: 'links',
    test: /icons\/(boxes|chart-column|inbox|key-round|layout-dashboard|user-round|wallet|webhook)\.svelte$/,
  },
  { name: 'card', test: /(offerings\/OfferingCard|saved\/SaveButton)\.svelte$/ },
  { name: 'query', test: /features\/market\/(panel|chips)\.ts$|shared\/src\/market\/query\.ts$/ },
  // What pages use without a validator, and schemas use too.
  { name: 'plain', test: /shared\/src\/(letters|accounts\/contacts)\.ts$/ },
  { name: 'controls', test: /src\/lib\/ui\/(Select|NumberInput)\.svelte$/ },
];

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: adapter({ out: 'build' }),
      csp: {
        mode: 'nonce',
        directives: {
          'default-src': ['none'],
          'script-src': ['strict-dynamic'],
          'style-src': ['self'],
          'style-src-attr': ['unsafe-hashes', ANNOUNCER_STYLE],
          'img-src': ['self', 'data:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'manifest-src': ['self'],
          'base-uri': ['none'],
          'form-action': ['self'],
          // Mails as they look; whatever else is of ours refuses to be in a frame.
          'frame-src': ['self'],
          'frame-ancestors': ['none'],
          'require-trusted-types-for': ['script'],
          // Svelte's policy for its own templates; there is no service worker, so Kit needs none.
          'trusted-types': ['svelte-trusted-html'],
        },
      },
      compilerOptions: { runes: true },
    }),
    iconSprite(),
    lightShared(),
  ],
  environments: {
    client: {
      build: {
        rolldownOptions: {
          optimization: { inlineConst: { mode: 'all', pass: 2 } },
          output: { codeSplitting: { groups: chunks } },
        },
      },
    },
  },
  server: {
    port: DEV_PORT,
    proxy: { '/api': process.env['API_ORIGIN'] ?? 'http://127.0.0.1:3000' },
  },
});
