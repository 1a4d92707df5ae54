/**
 * What a contract's evidence is held to, a sentence each: the verifier names the one that broke,
 * the page shows them, and docs/domain.md lists them.
 */
export const sentences = {
  form: 'The evidence, and each entry of it, has the form that is written down, and nothing else.',
  begins:
    'A contract begins with the renter’s signed request, or with an import from the Internet Computer.',
  order: 'Entries count from 0, and each names this contract and the hash of the entry before.',
  named: 'A contract is named after its first statement, or after its payload there.',
  version: 'A log never goes back to an older version of statements.',
  mode: 'All statements of a contract are of one mode: live or sandbox.',
  time: 'Times never fall, and none is later than now.',
  signature: 'Each statement is signed by the key that its entry names.',
  authority:
    'A key that signs for another has its signed leave, for this site, this side and this time.',
  party: 'Only the renter and the provider that the first statement names move the contract.',
  service: 'The service signs with the key it had at the time; each key signed the one after it.',
  keys: 'What is said of an account’s keys is signed by those keys.',
  move: 'The contract’s machine allows each move from where the contract stands, to who makes it.',
  guard: 'Each move has what it needs: its details, its rule, or its deadline, which has passed.',
  ended: 'Nothing follows the end.',
  data: 'Each statement says what its action says, no less and no more.',
  personal: 'A personal part is there where the action has one, and is the one that was signed.',
  terms: 'The terms are those whose hash was signed.',
  parties: 'The renter is who signed the request, the provider is the terms’, and they are two.',
  offering: 'The offering is that of the terms.',
  choices: 'What was chosen is among what the terms leave open.',
  hours: 'The hours are within the terms, and never more than a contract can last.',
  price: 'The total is the price of the hours under the terms, in their currency.',
  refund: 'A refund is what the rule of the ending move gives at that time, or that of the fault.',
  fault: 'Whoever ends a contract early gives a fault that is theirs to give.',
  extension:
    'An extension costs its hours at the terms’ price, and counts once the other accepts the same.',
  envelope: 'The renter opens, and says so, what the provider posted last.',
  recipient: 'Credentials are sealed to an encryption key that the renter published.',
  rule: 'An acceptance by the service carries the provider’s own signed rule, which covers it.',
  icp: 'What is imported says what its payload says, signed there by who it names.',
  head: 'The log ends with the entry that the reader knows to be the last.',
} as const satisfies Record<string, string>;

export type SentenceName = keyof typeof sentences;
