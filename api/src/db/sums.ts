import { sql, type Expression, type RawBuilder } from 'kysely';
import { E9 } from '@berth/shared/money';

interface Parts<T> {
  whole: T;
  rest: T;
}

/** A sum as text, which no driver rounds. */
export const summed = (part: Expression<unknown>) => sql<string>`cast(sum(${part}) as text)`;

/**
 * The sum of an amount in e9s over rows, in two parts: whole units, and what is left of each row.
 * A sum of the amounts themselves would overflow 64 bits with ten of the largest.
 */
export const sumParts = (amount_e9s: Expression<unknown>): Parts<RawBuilder<string>> => ({
  whole: summed(sql`(${amount_e9s}) / ${sql.lit(Number(E9))}`),
  rest: summed(sql`(${amount_e9s}) % ${sql.lit(Number(E9))}`),
});

/** The sum in e9s of the two parts. */
export const sumOf = ({ whole, rest }: Parts<string>): bigint => BigInt(whole) * E9 + BigInt(rest);
