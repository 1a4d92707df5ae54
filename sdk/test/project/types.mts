import { createBerth, isProblem, type StoredDevice } from '@berth/sdk';

declare const device: StoredDevice;
const berth = createBerth({ origin: 'https://berth.example', device });
const { items } = await berth.contracts.list({ query: { role: 'renter' } });
export const ids: string[] = items.map(({ contract_id }) => contract_id);
// @ts-expect-error There is no such side.
await berth.contracts.list({ query: { role: 'nobody' } });
// @ts-expect-error The hours are missing.
await berth.offerings.hold({ params: { offering_id: 'off_1' }, body: {} });
for await (const { title } of berth.market.search.each({ query: { q: 'h100' } })) {
  const text: string = title;
  void text;
}
const request = await berth.rentals.rent({ offering_id: 'off_1', hours: 4 });
export const { state } = await request.send();
try {
  for await (const { topic } of berth.events()) if (topic === 'contract') break;
} catch (error) {
  // @ts-expect-error No problem has this code.
  isProblem(error, 'no.such_code');
}
