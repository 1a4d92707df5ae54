import pg from 'pg';

const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres';
const ANSWER_WITHIN_MS = 2_000;

/**
 * The PostgreSQL to test on: TEST_POSTGRES_URL, or a local one that answers; null without either.
 */
export async function findPostgres(): Promise<string | null> {
  const named = process.env.TEST_POSTGRES_URL;
  if (named) return named;
  const client = new pg.Client({
    connectionString: LOCAL,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
  });
  try {
    await client.connect();
    await client.end();
    return LOCAL;
  } catch {
    return null;
  }
}
