import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { lightShared } from './config/light-shared.ts';

const DEV_PORT = 5173;

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
          'img-src': ['self', 'data:'],
          'font-src': ['self'],
          'connect-src': ['self'],
          'manifest-src': ['self'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
          'require-trusted-types-for': ['script'],
          // Svelte's policy for its own templates; there is no service worker, so Kit needs none.
          'trusted-types': ['svelte-trusted-html'],
        },
      },
      compilerOptions: { runes: true },
    }),
    lightShared(),
  ],
  server: {
    port: DEV_PORT,
    proxy: { '/api': process.env['API_ORIGIN'] ?? 'http://127.0.0.1:3000' },
  },
});
