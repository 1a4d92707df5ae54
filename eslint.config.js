import { defineConfig, globalIgnores } from 'eslint/config';
import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/**
 * What TypeScript files are held to, beyond the recommended sets. Our own rules: scripts/tidy.ts.
 */
const strictness = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  // Refusing control characters is what those patterns are for.
  'no-control-regex': 'off',
  'no-param-reassign': 'error',
  'object-shorthand': 'error',
  'prefer-template': 'error',
  'no-restricted-syntax': [
    'error',
    { selector: 'ClassDeclaration, ClassExpression', message: 'Write plain functions.' },
    { selector: 'Decorator', message: 'Write plain functions.' },
    {
      selector: 'ExportAllDeclaration',
      message: 'Export by name: a barrel hides who uses what.',
    },
  ],
  '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
  // A table of types that each domain adds to may be empty.
  '@typescript-eslint/no-empty-object-type': ['error', { allowWithName: 'Kinds$' }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
};

const withTypes = {
  '@typescript-eslint/restrict-template-expressions': [
    'error',
    {
      allowNumber: true,
      allowBoolean: false,
      allowNullish: true,
      allow: ['URL', 'URLSearchParams'],
    },
  ],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true },
  ],
  '@typescript-eslint/no-unnecessary-boolean-literal-compare': 'error',
  '@typescript-eslint/prefer-optional-chain': 'error',
  '@typescript-eslint/return-await': 'error',
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { properties: false } }],
  // Fastify's own chain; its errors come out of app.ready().
  '@typescript-eslint/no-floating-promises': [
    'error',
    {
      allowForKnownSafePromises: [{ from: 'package', name: 'FastifyInstance', package: 'fastify' }],
    },
  ],
  // Without classes no method of ours needs its `this`.
  '@typescript-eslint/unbound-method': 'off',
  // A Fastify handler and a port's fake are async by their contract.
  '@typescript-eslint/require-await': 'off',
};

export default defineConfig(
  globalIgnores(['**/build/', '**/.svelte-kit/', '**/node_modules/', 'data/', '**/test-results/']),
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    ignores: ['**/*.svelte.ts', 'website/src/**'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: { ...strictness, ...withTypes },
  },
  {
    // svelte-check reads the website's types; linting them once more would double the time.
    files: ['website/src/**/*.ts', '**/*.svelte', '**/*.svelte.ts'],
    extends: [ts.configs.recommended, svelte.configs.recommended],
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { parser: ts.parser },
    },
    rules: {
      ...strictness,
      // Berth is served from the root of its origin.
      'svelte/no-navigation-without-resolve': 'off',
      // A set of listeners is not shown, so it need not be reactive.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/no-dom-manipulating': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    // What a command prints is its work.
    files: ['scripts/**', 'website/e2e/**'],
    rules: { 'no-console': 'off' },
  },
);
