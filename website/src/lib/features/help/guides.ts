import { contractButtons } from '@berth/shared/contracts/buttons';

/** A text may have `**Button**` for what a button says, and `[words](address)` for a link. */
export interface Guide {
  id: string;
  title: string;
  /** What it is for, in a sentence. */
  detail: string;
  steps: { title: string; text: string }[];
}

const move = contractButtons;
const pressed = (label: string): string => `**${label}**`;

const account = {
  title: 'Have an account',
  text:
    '[Make one](/sign-up): choose a handle and press **Continue**, write the twelve words down, ' +
    'press **I have saved them** and type the ones that are asked for. There is no password: ' +
    'the words are the account, so keep them as you keep the key of a house.',
};

export const guides: readonly Guide[] = [
  {
    id: 'rent',
    title: 'How to rent',
    detail: 'From finding a resource to working on it.',
    steps: [
      account,
      {
        title: 'Find a resource',
        text:
          'In the [marketplace](/marketplace), say for how long you need it and write what it ' +
          'has to be. Every price is the total for those hours, with the setup fee.',
      },
      {
        title: 'Ask for it',
        text:
          'On its page press **Rent Resource**. Look at the price and the terms, choose an ' +
          'operating system where there are several, give an SSH key if the resource is entered ' +
          'with one, and press **Continue**.',
      },
      {
        title: 'Sign',
        text:
          'The last button, **Sign and request**, says the total. With it your device signs the ' +
          'request; from then on neither side can change the price.',
      },
      {
        title: 'Wait for the answer',
        text:
          'It stands in your [rentals](/dashboard/rentals), with the time by which the provider ' +
          `must answer. Without an answer the request expires and you owe nothing. Until it is ` +
          `active you can ${pressed(move.cancel.label)} at no cost.`,
      },
      {
        title: 'Open the credentials',
        text:
          `When it is ready you get a notice. Press ${pressed(move.open_credentials.label)}, then ` +
          `${pressed(move.open_credentials.submit)}: they are opened in your browser, and the paid time begins. ` +
          'Connect with the command that stands above them.',
      },
      {
        title: 'Go on, or stop',
        text:
          `${pressed(move.extend.label)} proposes more hours at the same price. ${pressed(move.cancel.label)} ` +
          'ends it early: you see what is paid back before you sign.',
      },
    ],
  },
  {
    id: 'provide',
    title: 'How to provide',
    detail: 'From listing what you have to earning with it.',
    steps: [
      account,
      {
        title: 'Describe what you have',
        text:
          'Write a [new offering](/dashboard/provider/offerings/new): the hardware, the price, ' +
          'and the hours in which you answer and set up. Say hours that you can keep: what is ' +
          'late ends by itself and counts against you. Press **Save and list**. A list of many ' +
          'can be [imported](/dashboard/provider/offerings/import).',
      },
      {
        title: 'Answer requests',
        text:
          'They arrive in [requests](/dashboard/provider/requests), the most urgent first. Open ' +
          `one and press ${pressed(move.accept.label)} or ${pressed(move.reject.label)}; or choose ` +
          'several in the list and press **Accept the chosen**: you see what you sign first.',
      },
      {
        title: 'Set it up',
        text:
          `Press ${pressed(move.start_provisioning.label)} so that the renter knows, and set the ` +
          'resource up. Then ' +
          `press ${pressed(move.mark_provisioned.label)}: say the address and write the secrets, ` +
          'none where the renter’s SSH key opens it. Your browser ' +
          `encrypts them for the renter alone when you press ${pressed(move.mark_provisioned.submit)}.`,
      },
      {
        title: 'While it runs',
        text:
          'The paid time begins when the renter opens the credentials, or a day after you posted ' +
          'them; you can begin it an hour after you did. ' +
          `Write to each other on the contract’s page; if a password must change, press ` +
          `${pressed(move.rotate_credentials.label)}.`,
      },
      {
        title: 'See what you earn',
        text:
          'Your [overview](/dashboard) shows by day what your contracts earned and how many of ' +
          'your units were rented. Where the marketplace takes payments, Billing has what was ' +
          'earned, and its page [Payouts](/dashboard/billing/payouts) sends it to your bank ' +
          'account; else you settle what was signed with the renter yourself.',
      },
    ],
  },
  {
    id: 'verify',
    title: 'How to verify a contract',
    detail: 'Check what was signed, here or without Berth.',
    steps: [
      {
        title: 'Look at the contract’s page',
        text:
          'Your browser compares the page with the signed log when you open it. What differs is ' +
          'red where it stands, and nothing can be signed from a page that differs.',
      },
      {
        title: 'Check the log',
        text:
          'Under “Log” press **Verify this log**. Your browser checks every signature, that each ' +
          'entry names the one before, and every rule of the contract; “What was checked” lists ' +
          'them. If something is wrong, the first entry that breaks is named.',
      },
      {
        title: 'Keep the evidence',
        text:
          'Press **Download the evidence**. The file holds the log, the terms, the signatures ' +
          'and the keys; it stays valid whatever happens to Berth.',
      },
      {
        title: 'Check it without Berth',
        text:
          'With Berth’s source code, which is free, anybody can run `npm run verify -- FILE` on ' +
          'a computer that is not connected. Add `--head HASH` with the last entry’s hash if the ' +
          'other party could have left out the end.',
      },
      {
        title: 'Know what it cannot show',
        text:
          'It shows what was signed, by whom and in which order. It does not show whether a ' +
          'machine was as good as it was said to be: write such things as messages in the ' +
          'contract, where they are signed too.',
      },
    ],
  },
  {
    id: 'recover',
    title: 'How to recover an account',
    detail: 'A lost device, a lost phrase, or a phrase in wrong hands.',
    steps: [
      {
        title: 'Before anything is lost',
        text:
          'On [your account’s page](/dashboard/account) press **Add a phrase** and keep the new ' +
          'words in another place than the first. Either signs in; the first has the last word.',
      },
      {
        title: 'You lost a device',
        text:
          '[Sign in](/sign-in) elsewhere with your recovery phrase. On your account’s page, under ' +
          '“Devices”, press **Remove** beside the lost one: it is out at once.',
      },
      {
        title: 'You lost a phrase, and have another',
        text:
          'Sign in with the other. On your account’s page press **Seal to it** beside the phrase ' +
          'you have, so that new credentials open with it, and **Remove** beside the lost one.',
      },
      {
        title: 'You lost your only phrase',
        text:
          'Nobody can bring it back, we included. A browser that is still signed in goes on until ' +
          'its leave ends: use it to finish what runs. No browser alone can add a phrase, so that ' +
          'whoever finds a device cannot take the account.',
      },
      {
        title: 'Somebody removed your phrase',
        text:
          'Sign in with it within 72 hours and press **Undo the removal and sign in**. For the ' +
          'next 72 hours no younger phrase can remove it again: remove the one that did it.',
      },
      {
        title: 'Somebody else may know your phrase',
        text:
          'If an older phrase of yours is safe, sign in with that one and remove the other. If it ' +
          'is your first, move to a new account: the first phrase can undo what any other does.',
      },
    ],
  },
];

export const findGuide = (id: string): Guide | undefined => guides.find((one) => one.id === id);
