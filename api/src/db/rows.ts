/**
 * Both drivers give 64-bit columns as `bigint`. A column whose name ends in `_e9s` stays one; every
 * other becomes a number, and one that a number cannot hold exactly is an error.
 */
const MONEY = /_e9s$/;

export const isMoney = (column: string): boolean => MONEY.test(column);

export function toNumber(column: string, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new Error(`Column ${column} holds ${value}, which is no safe integer`);
  }
  return number;
}
