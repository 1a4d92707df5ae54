/**
 * What people are told, as one table: a row a kind says what it is about, what its title and its
 * text are, and where its button leads. Notices, mail and the page of choices all read it; who is
 * told, the cause says.
 */

/** What kinds are chosen by: for all kinds of one, together, how somebody wants to be told. */
export const noticeCategories = {
  requests: {
    label: 'Requests and answers',
    means: 'Somebody asks to rent, and how a provider answers',
    mail: 'now',
  },
  contracts: {
    label: 'Contracts',
    means: 'A resource is ready, an extension, how a contract ends',
    mail: 'now',
  },
  endings: {
    label: 'Ends soon',
    means: 'Seven days, a day and an hour before the paid hours end',
    mail: 'now',
  },
  messages: {
    label: 'Messages',
    means: 'The other party wrote about a contract',
    mail: 'now',
  },
  money: {
    label: 'Money',
    means: 'What is held, paid back, paid in and paid out',
    mail: 'now',
  },
  saved: {
    label: 'Saved searches and offerings',
    means: 'What you follow in the marketplace has changed',
    mail: 'daily',
  },
  programs: {
    label: 'Webhooks',
    means: 'An address that your events are sent to does not take them',
    mail: 'now',
  },
  security: {
    label: 'Security',
    means: 'Recovery phrases, devices, tokens, webhooks, mail addresses; always told',
    mail: 'now',
    always: true,
  },
} as const satisfies Record<
  string,
  {
    label: string;
    means: string;
    /** How it is mailed unless somebody has chosen. */
    mail: 'now' | 'daily';
    /** Whether nobody can choose not to be told. */
    always?: true;
  }
>;

export type NoticeCategory = keyof typeof noticeCategories;
export const noticeCategoryNames = Object.keys(noticeCategories) as NoticeCategory[];

interface KindRow {
  readonly category: NoticeCategory;
  /** What happened, where kinds are listed. */
  readonly label: string;
  /** The notice, and the subject of a mail; names in braces are filled in. */
  readonly title: string;
  /** What it means and what to do, for whoever reads no more than this; to the renter first. */
  readonly text: string;
  /** The same to the provider, where both are told and it is another thing. */
  readonly text_for_provider?: string;
  /** On what leads to where it happened. */
  readonly button: string;
}

const CONTRACT = { category: 'contracts', button: 'Open the contract' } as const;
const REQUEST = { category: 'requests', button: 'Open the contract' } as const;
const TO_ANSWER = { category: 'requests', button: 'Answer the request' } as const;
const ACCOUNT = { category: 'security', button: 'Open your account' } as const;
const WEBHOOK = { category: 'programs', button: 'Open the webhook' } as const;
const LISTENER = { category: 'security', button: 'Open the webhook' } as const;
const TOKEN = { category: 'security', button: 'Open your tokens' } as const;
const HELD = { category: 'money', button: 'Open the contract' } as const;
const TRANSFER = { category: 'money', button: 'Open your balance' } as const;
const ON_CHAIN = 'on the Internet Computer';
const NOT_YOU = 'If it was not you, sign in now and put it right.';

const table = {
  'contract.requested': {
    ...TO_ANSWER,
    label: 'Somebody asks to rent',
    title: '{renter} asks to rent {title}',
    text: 'The request is signed and waits for your answer. If you do not answer in time, it ends by itself.',
  },
  'contract.requested_on_chain': {
    ...TO_ANSWER,
    label: `Somebody asks to rent ${ON_CHAIN}`,
    title: `{renter} asks ${ON_CHAIN} to rent {title}`,
    text: 'The request was signed there and waits for your answer, there or here.',
  },
  'contract.accepted': {
    ...REQUEST,
    label: 'A provider accepts',
    title: '{provider} accepted {title}',
    text: 'The provider has signed and sets the resource up next. You are told when it is ready.',
  },
  'contract.accepted_by_rule': {
    ...REQUEST,
    label: 'A provider’s rule accepts',
    title: '{title} was accepted by {provider}’s rule',
    text: 'The provider’s signed rule took the request at once. You are told when the resource is ready.',
    text_for_provider: 'Your signed rule took the request at once. Set the resource up next.',
  },
  'contract.accepted_on_chain': {
    ...REQUEST,
    label: `A provider accepts ${ON_CHAIN}`,
    title: `{provider} accepted {title} ${ON_CHAIN}`,
    text: 'The provider has signed there and sets the resource up next.',
  },
  'contract.declined': {
    ...REQUEST,
    label: 'A provider declines',
    title: '{provider} declined {title}',
    text: 'The contract has ended and nothing is charged. The marketplace has others like it.',
  },
  'contract.declined_on_chain': {
    ...REQUEST,
    label: `A provider declines ${ON_CHAIN}`,
    title: `{provider} declined {title} ${ON_CHAIN}`,
    text: 'The contract has ended. The marketplace has others like it.',
  },
  'contract.expired': {
    ...REQUEST,
    label: 'A request is not answered in time',
    title: '{title} was not answered in time',
    text: 'The contract has ended and nothing is charged. The marketplace has others like it.',
    text_for_provider:
      'The request has ended. Requests that are not answered count against your record.',
  },
  'contract.unpaid': {
    ...REQUEST,
    label: 'A request is not paid in time',
    title: '{title} was not paid in time',
    text: 'The request has ended and the provider was not asked. What you pay later stays in your balance.',
  },
  'contract.provisioning': {
    ...CONTRACT,
    label: 'A resource is being set up',
    title: '{provider} is setting up {title}',
    text: 'There is nothing to do. You are told when it is ready.',
  },
  'contract.ready': {
    ...CONTRACT,
    label: 'A resource is ready',
    title: '{title} is ready: open your credentials',
    text: 'The credentials are sealed so that only you can open them, on the contract’s page. The paid time begins when you do, or a day from now.',
  },
  'contract.active': {
    ...CONTRACT,
    label: 'The paid time begins',
    title: '{title} is active',
    text: 'The paid time runs from now on.',
  },
  'contract.suspended': {
    ...CONTRACT,
    label: 'A contract is paused',
    title: '{who} paused {title}',
    text: 'The paid clock stands still. Switch the resource off and keep it until it goes on.',
  },
  'contract.resumed': {
    ...CONTRACT,
    label: 'A contract goes on',
    title: '{title} goes on',
    text: 'The paid clock runs again, and the end has moved by the time that it stood still.',
  },
  'contract.new_credentials': {
    ...CONTRACT,
    label: 'New credentials',
    title: '{provider} posted new credentials for {title}',
    text: 'They take the place of the ones before. Open them on the contract’s page.',
  },
  'contract.extension_asked': {
    ...CONTRACT,
    label: 'An extension is proposed',
    title: '{who} proposes to extend {title}',
    text: 'It counts once you sign the same hours and price. Until then nothing changes.',
  },
  'contract.extended': {
    ...CONTRACT,
    label: 'An extension is agreed',
    title: '{who} agreed to extend {title}',
    text: 'Both of you have signed, and the contract runs on.',
  },
  'contract.completed': {
    ...CONTRACT,
    label: 'A contract has run its time',
    title: '{title} has ended',
    text: 'The paid hours are over. The credentials are erased in 7 days; the evidence stays on the contract’s page.',
  },
  'contract.cancelled': {
    ...CONTRACT,
    label: 'The other party cancels',
    title: '{who} cancelled {title}',
    text: 'The contract has ended. What comes back to you stands on its page.',
    text_for_provider: 'The contract has ended, and its unit is in your stock again.',
  },
  'contract.failed': {
    ...CONTRACT,
    label: 'A resource cannot be set up',
    title: '{provider} could not provision {title}',
    text: 'The contract has ended and nothing is charged. The marketplace has others like it.',
  },
  'contract.late': {
    ...CONTRACT,
    label: 'A resource is not ready in time',
    title: '{title} was not provisioned in time',
    text: 'The contract has ended and nothing is charged. The marketplace has others like it.',
    text_for_provider: 'The contract has ended, and it counts against your record.',
  },
  'contract.message': {
    category: 'messages',
    label: 'The other party writes',
    title: '{who} wrote about {title}',
    text: 'The message is on the contract’s page, where you can answer.',
    button: 'Read the message',
  },
  'contract.ends_soon': {
    category: 'endings',
    label: 'The paid hours end soon',
    title: '{title} ends {when}',
    text: 'Extend it, or save what you need: what is on it is gone after the end.',
    text_for_provider: 'If the renter proposes an extension, you are asked to agree.',
    button: 'Open the contract',
  },
  'money.held': {
    ...HELD,
    label: 'Money is held for a contract',
    title: '{amount} is held for {title}',
    text: 'It is taken from your balance and held until the provider has earned it.',
  },
  'money.refunded': {
    ...HELD,
    label: 'Money comes back from a contract',
    title: '{amount} came back from {title}',
    text: 'It is in your balance again.',
  },
  'money.paid_in': {
    ...TRANSFER,
    label: 'Money comes in',
    title: '{amount} was paid in',
    text: 'It is booked to your account.',
  },
  'money.paid_out': {
    ...TRANSFER,
    label: 'A bank transfer went out',
    title: '{amount} was paid out by bank transfer',
    text: 'It has left your account and should be at your bank within days.',
  },
  'money.given_back': {
    ...TRANSFER,
    label: 'A payout does not happen',
    title: '{amount} was not paid out and is in your account here again',
    text: 'The list of your payouts says why.',
  },
  'saved.offering_changed': {
    category: 'saved',
    label: 'A saved offering changes',
    title: '{news}',
    text: 'You saved this offering, and its price or its stock is another now.',
    button: 'Open the offering',
  },
  'saved.search_found': {
    category: 'saved',
    label: 'A saved search finds more',
    title: '{news}',
    text: 'Your saved search finds offerings that it did not find before.',
    button: 'Open the search',
  },
  'key.added': {
    ...ACCOUNT,
    label: 'A recovery phrase is added',
    title: 'A recovery phrase was added: “{label}”. If it was not you, remove it now',
    text: 'Whoever has it can act for your account. An older phrase can remove it on the account’s page.',
  },
  'key.removed': {
    ...ACCOUNT,
    label: 'A recovery phrase is removed',
    title: 'The recovery phrase “{label}” was removed. Signing in with it undoes that for 72 hours',
    text: 'If it was not you, sign in with that phrase now, and you are offered the undo.',
  },
  'key.restored': {
    ...ACCOUNT,
    label: 'A removed recovery phrase comes back',
    title: 'The recovery phrase “{label}” is back: its removal was undone',
    text: NOT_YOU,
  },
  'key.sealed_to': {
    ...ACCOUNT,
    label: 'New credentials open with another phrase',
    title: 'New credentials open with the recovery phrase “{label}” from now on',
    text: NOT_YOU,
  },
  'device.added': {
    ...ACCOUNT,
    label: 'A new device signs in',
    title: 'A new device signed in: {device}',
    text: `It can act for your account until you remove it on the account’s page. ${NOT_YOU}`,
  },
  'webhook.made': {
    ...LISTENER,
    label: 'A webhook is made',
    title: 'Events of your account are now sent to {label}. If it was not you, remove that now',
    text: 'Whoever has that address learns what happens to your contracts, offerings and account.',
  },
  'webhook.moved': {
    ...LISTENER,
    label: 'A webhook gets another address',
    title: 'A webhook now sends to {label}. If it was not you, remove it now',
    text: 'Whoever has that address learns what happens to your contracts, offerings and account.',
  },
  'payout.bank_account_set': {
    category: 'security',
    label: 'The bank account for payouts is set',
    title:
      'Your money is paid out to {label} from {when} on. If it was not you, change it back now',
    text: `Until then nothing is sent there. ${NOT_YOU}`,
    button: 'Open your balance',
  },
  'webhook.gone': {
    ...WEBHOOK,
    label: 'A webhook is gone',
    title: 'The webhook {label} is disabled: it answered that it is gone',
    text: 'It answered 410. Nothing is sent to it any more. Enable it again when it is back.',
  },
  'webhook.failing': {
    ...WEBHOOK,
    label: 'A webhook fails for days',
    title: 'The webhook {label} is disabled: it has failed for days',
    text: 'Ten tries in three days came to nothing. Put it right, enable it and replay what it missed.',
  },
  'webhook.full': {
    ...WEBHOOK,
    label: 'Too much waits for a webhook',
    title: 'The webhook {label} is disabled: too much waits for it',
    text: 'It fails or is slow, and thousands of events wait behind that. Put it right, enable it and replay.',
  },
  'token.made': {
    ...TOKEN,
    label: 'An API token is made',
    title: 'The API token “{label}” was made. If it was not you, revoke it now',
    text: 'A program that has it acts for your account within its permissions, and never signs.',
  },
  'token.rotated': {
    ...TOKEN,
    label: 'An API token gets a new secret',
    title: 'The API token “{label}” has a new secret. If it was not you, revoke it now',
    text: 'Programs with the secret before are refused once its overlap is over.',
  },
  'mail.added': {
    ...ACCOUNT,
    label: 'A mail address is confirmed',
    title: 'Mail now comes to {address}',
    text: `What happens to your contracts and your account is mailed there. ${NOT_YOU}`,
  },
  'mail.changed': {
    ...ACCOUNT,
    label: 'The mail address is changed',
    title: 'Mail now comes to {address}, no longer to {before}',
    text: NOT_YOU,
  },
  'mail.removed': {
    ...ACCOUNT,
    label: 'The mail address is taken out',
    title: 'No more mail comes to {before}',
    text: NOT_YOU,
  },
  'mail.stopped': {
    ...ACCOUNT,
    label: 'Mail comes back',
    title: 'Mail to {before} comes back, so no more is sent there',
    text: 'Its server says: {said}. Give another address, or the same one again once it takes mail.',
  },
} as const satisfies Record<`${string}.${string}`, KindRow>;

export type NoticeKind = keyof typeof table;
export const noticeKinds = Object.keys(table) as [NoticeKind, ...NoticeKind[]];
export const noticeTable: Readonly<Record<NoticeKind, KindRow>> = table;

/** Fills the names in braces; what is not given is left out. */
export const fillWords = (text: string, names: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '');

/** Whether everybody is told of it, whatever they chose. */
export const isAlwaysTold = (category: NoticeCategory): boolean =>
  'always' in noticeCategories[category];
