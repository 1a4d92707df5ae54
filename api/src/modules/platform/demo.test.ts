import { afterAll, expect, test } from 'vitest';
import { demoIdentities } from '@berth/shared/platform/demo';
import { platform } from '@berth/shared/platform/endpoints';
import { readPhrase } from '@berth/shared/signing/phrase';
import { makeTestApp } from '../../../test/harness.ts';

const demo = await makeTestApp({ config: { demo: true } });
const real = await makeTestApp();
afterAll(() => Promise.all([demo.close(), real.close()]));

test('a demo gives out its identities, each with a phrase that signs in', async () => {
  const { body } = await demo.call(platform.demo, {});
  expect(body).toEqual({ identities: demoIdentities });
  expect(body.identities.map(({ role }) => role)).toEqual(['renter', 'provider']);
  for (const { phrase } of body.identities)
    expect(readPhrase(phrase)).toEqual({ ok: true, phrase });
});

test('anywhere else there is nothing, byte for byte as at an address that is none', async () => {
  const answers = await Promise.all(
    ['/api/v1/demo', '/api/v1/nothing'].map((url) => real.app.inject({ url })),
  );
  const [hidden, unknown] = answers.map(({ statusCode, headers, payload }) => {
    const { date: _, 'request-id': __, ...rest } = headers;
    return { statusCode, headers: rest, payload };
  });
  expect(hidden?.statusCode).toBe(404);
  expect(hidden).toEqual(unknown);
});
