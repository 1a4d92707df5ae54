/** A start that cannot be: the message is the sentence for the person who starts it. */
export interface StartError extends Error {
  start_error: true;
}

export const startError = (sentence: string): StartError =>
  Object.assign(new Error(sentence), { start_error: true as const });

export const isStartError = (error: unknown): error is StartError =>
  error instanceof Error && 'start_error' in error;
