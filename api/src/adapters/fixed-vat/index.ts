import type { VatPort } from '../../ports/vat.ts';

/** The demo's register, which asks nobody: every id whose check digits are right is in it. */
export const fixedVat: VatPort = { check: async () => true };
