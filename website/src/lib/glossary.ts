export interface Meaning {
  word: string;
  means: string;
}

/** The words that are not everyday ones, each met with its meaning where it stands. */
export const glossary = {
  offering: {
    word: 'Offering',
    means: 'What a provider lists: a resource, its terms and its price.',
  },
  contract: {
    word: 'Contract',
    means: 'One rental of one offering by one renter, from request to end.',
  },
  parties: {
    word: 'Renter, provider',
    means: 'The two parties of a contract. One account can be both.',
  },
  account: {
    word: 'Account',
    means: 'A person or an organisation. It owns keys, offerings and contracts.',
  },
  phrase: {
    word: 'Recovery phrase',
    means:
      'Twelve or 24 ordinary words that make an account’s key. Whoever has them has the account.',
  },
  key: {
    word: 'Account key',
    means:
      'What an account signs with; the recovery phrase makes it. Its public half, shown as a short ' +
      'code that copies on click, is what others check signatures against.',
  },
  device_key: {
    word: 'Device key',
    means: 'A key that lives in one browser and acts for the account until it is removed.',
  },
  encryption_key: {
    word: 'Encryption key',
    means: 'What credentials are sealed to. Your phrase makes the half that opens them.',
  },
  principal: {
    word: 'Principal',
    means:
      'What the Internet Computer calls an account key: the same key, written in its own letters.',
  },
  signing: {
    word: 'Sign',
    means:
      'To put a mark under a text that only your key can make and everybody can check. If one ' +
      'letter is changed, it no longer fits.',
  },
  move: {
    word: 'Move',
    means: 'What somebody does to a contract: accept it, cancel it, extend it. Each is signed.',
  },
  statement: {
    word: 'Statement',
    means:
      'The text that is signed with a move: what is done, at what price and when. It names the ' +
      'statement before it.',
  },
  log: {
    word: 'Contract log',
    means: 'A contract’s statements in order. Nothing in it is ever edited or deleted.',
  },
  evidence: {
    word: 'Evidence',
    means:
      'One file with the contract’s log and all that is needed to check it without Berth: ' +
      'statements, signatures and keys.',
  },
  verify: {
    word: 'Verify',
    means:
      'To check, on your own device, that every entry was signed by who it names, in this order, ' +
      'and that the rules were kept.',
  },
  credentials: {
    word: 'Credentials',
    means: 'What lets you into the resource: a password, a token, a key file.',
  },
  sealed: {
    word: 'Sealed',
    means:
      'Encrypted on the sender’s device so that only the recipient’s key can open it. Berth ' +
      'stores it and cannot read it.',
  },
  set_up: {
    word: 'Provisioning',
    means: 'Setting the resource up: from the accepted request to posted credentials.',
  },
  paid_clock: {
    word: 'Paid clock',
    means:
      'Counts the hours that are paid for. It starts when the renter opens the credentials, or ' +
      'a day after they were posted.',
  },
  fingerprint: {
    word: 'Host-key fingerprint',
    means:
      'A short code that a server shows when you connect for the first time. If it is the same ' +
      'as here, it is the right server.',
  },
  hash: {
    word: 'Hash',
    means: 'A short code made of a text. Another text, another code, so it shows any change.',
  },
  on_chain: {
    word: 'On chain',
    means:
      'Signed on the Decent Cloud ledger on the Internet Computer and taken over from there as it ' +
      'stands. The mark names the block, so that anybody can compare it with the Internet Computer.',
  },
} as const satisfies Record<string, Meaning>;

export type TermName = keyof typeof glossary;

/** Where the page of words has it. */
export const anchorOf = (name: TermName): string => name.replaceAll('_', '-');
