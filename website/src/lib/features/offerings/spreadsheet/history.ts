/** What was, what is, and what was undone. A step is any value that is never changed in place. */
export interface History<Step> {
  past: readonly Step[];
  present: Step;
  future: readonly Step[];
}

/** How many steps can be undone. */
export const MAX_STEPS = 200;

export const startHistory = <Step>(present: Step): History<Step> => ({
  past: [],
  present,
  future: [],
});

/** A new step forgets what was undone; the same value is no step. */
export const pushStep = <Step>(history: History<Step>, next: Step): History<Step> =>
  next === history.present
    ? history
    : { past: [...history.past, history.present].slice(-MAX_STEPS), present: next, future: [] };

export function undoStep<Step>({ past, present, future }: History<Step>): History<Step> {
  const before = past.at(-1);
  return before === undefined
    ? { past, present, future }
    : { past: past.slice(0, -1), present: before, future: [present, ...future] };
}

export function redoStep<Step>({ past, present, future }: History<Step>): History<Step> {
  const [next, ...later] = future;
  return next === undefined
    ? { past, present, future }
    : { past: [...past, present], present: next, future: later };
}
