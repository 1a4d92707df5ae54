export { importIcp, type ImportOptions, type RunOutcome, type RunReport } from './jobs.ts';
export {
  findAnyCursorRow,
  findAnySync,
  listAnyRuns,
  saveSync,
  takeQuestion,
  type Run,
} from './repo.ts';
