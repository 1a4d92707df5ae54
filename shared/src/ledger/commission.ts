import type { OfferingKind } from '../offerings/schemas.ts';

/** Hundredths of a percent. */
const BASIS_POINTS = 10_000n;

/** Berth's part of what a provider earns, in hundredths of a percent, by kind of offering. */
export const commissions: Record<OfferingKind, number> = {
  gpu: 1_000,
  compute: 1_000,
  dedicated: 1_000,
  storage: 1_000,
  network: 1_000,
  hosting: 1_000,
};

/** Berth's part of an amount, rounded down: what cannot be divided is the provider's. */
export const commissionOf = (earned_e9s: bigint, commission_bp: number): bigint =>
  (earned_e9s * BigInt(commission_bp)) / BASIS_POINTS;
