/** A rental from request to verified evidence, as another project's program writes it. */
import { createBerth, isProblem, verifyEvidence } from '@berth/sdk';

const { origin, offering_id, phrases } = JSON.parse(process.env.GIVEN);
const guest = createBerth({ origin });

async function signedIn(phrase) {
  const { device } = await guest.login({ phrase, label: 'A project' });
  return createBerth({ origin, device });
}
const renter = await signedIn(phrases.renter);
const provider = await signedIn(phrases.provider);

const request = await renter.rentals.rent({ offering_id, hours: 1, operating_system: 'Debian 12' });
const { contract_id } = await request.send();
await (await provider.rentals.accept(contract_id)).send();
const delivery = await provider.rentals.provision(contract_id, {
  address: 'node7.example.net',
  port: 22,
  username: 'root',
  credentials: { fields: [{ label: 'Password', value: 'hunter2' }], note: '' },
});
await delivery.send();
const { credentials, details } = await (await renter.rentals.open(contract_id)).send();

const states_seen = [];
for await (const one of renter.contracts.list.each({ query: { role: 'renter', limit: 1 } })) {
  states_seen.push(one.state);
}
const evidence = await renter.contracts.evidence({ params: { contract_id } });
const { ok: verified } = await verifyEvidence(evidence);
evidence.entries[0].signature = '0'.repeat(128);
const { ok: forged } = await verifyEvidence(evidence);

let refused = null;
try {
  const own = await provider.rentals.rent({ offering_id, hours: 1, operating_system: 'Debian 12' });
  await own.send();
} catch (error) {
  if (!isProblem(error)) throw error;
  refused = error.problem.code;
}

const { state } = await renter.contracts.get({ params: { contract_id } });
const total_e9s = request.shown.total_e9s;
const seen = { total_e9s, opened: credentials, address: details.address, state, states_seen };
process.stdout.write(JSON.stringify({ ...seen, verified, forged, refused }));
