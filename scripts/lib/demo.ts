/**
 * A demo takes test cards, unless it is set how it is paid. Its marketplace is then one in which
 * everything was paid.
 */
export const takesTestCards = (env: NodeJS.ProcessEnv): boolean =>
  env['PAYMENTS'] === undefined && env['NODE_ENV'] !== 'production';
