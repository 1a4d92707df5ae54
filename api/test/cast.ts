import type { OfferingView } from '@berth/shared/offerings/schemas';
import { makeTestApp, type TestApp, type TestOptions } from './harness.ts';
import { signIn, signUp, type Client } from './people.ts';
import { listOffering } from './rental.ts';

export const UNITS = 1_000;

/** A renter, a provider and an offering of UNITS units, on an API of their own. */
export interface Cast {
  t: TestApp;
  renter: Client;
  provider: Client;
  offering: OfferingView;
  /** Time goes by: timed moves are made, notices written, and both sign in again. */
  wait(ms: number): Promise<void>;
  countContracts(): Promise<number>;
}

export async function makeCast(options: TestOptions = {}): Promise<Cast> {
  const t = await makeTestApp(options);
  const provider = await signUp(t, 'harbour');
  const renter = await signUp(t, 'sailor');
  const offering = await listOffering(provider, { stock: UNITS });
  const cast: Cast = {
    t,
    renter,
    provider,
    offering,
    async wait(ms) {
      t.clock.advance(ms);
      await t.sweep();
      await t.drain();
      cast.renter = await signIn(t, cast.renter);
      cast.provider = await signIn(t, cast.provider);
    },
    async countContracts() {
      const { count } = await t.deps.db
        .selectFrom('contract_sign_requests')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
  return cast;
}
