/** How many random cases a property takes: all of `many` with RANDOM_RUNS=many, else a tenth. */
export const runs = (many: number): number =>
  process.env['RANDOM_RUNS'] === 'many' ? many : Math.ceil(many / 10);
