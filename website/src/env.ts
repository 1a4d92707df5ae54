import { defineEnvVars } from '@sveltejs/kit/env';

export const variables = defineEnvVars({
  API_ORIGIN: {
    description: 'Where the API answers when the website runs as its own process.',
    schema: (value) => value ?? 'http://127.0.0.1:3000',
  },
});
