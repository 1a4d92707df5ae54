import { invalidate } from '$app/navigation';

/** Loads again what pages show of mail. */
export const refreshMail = (): Promise<void> => invalidate('berth:mail');
