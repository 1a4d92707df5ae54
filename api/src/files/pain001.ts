/**
 * The file by which a bank is told to pay several transfers: ISO 20022 pain.001.001.09, as the
 * implementation guidelines of SEPA credit transfers use it (EPC132-08).
 */
import { E9 } from '@berth/shared/money';
import { MINOR_E9S } from '@berth/shared/payouts/limits';
import { sepaText } from '@berth/shared/payouts/sepa-text';

interface Bank {
  holder: string;
  iban: string;
}

interface Transfer extends Bank {
  id: string;
  amount_e9s: bigint;
}

export interface TransferFile {
  id: string;
  made_at: string;
  from: Bank;
  payouts: readonly Transfer[];
}

const DAY_LETTERS = 10;
const SECOND_LETTERS = 19;
const CENT_DIGITS = 2;
const CENTS = E9 / MINOR_E9S;

/** Whole cents: `1250.50`. */
const amountText = (amount_e9s: bigint): string => {
  const cents = amount_e9s / MINOR_E9S;
  return `${cents / CENTS}.${String(cents % CENTS).padStart(CENT_DIGITS, '0')}`;
};

/** Our ids have a low line, which is none of those letters. */
const idText = (id: string): string => id.replace('_', '-');

const tag = (name: string, ...inner: readonly string[]): string =>
  `<${name}>${inner.join('')}</${name}>`;

const accountOf = (name: string, { iban }: Bank): string => tag(name, tag('Id', tag('IBAN', iban)));
const nameOf = (name: string, { holder }: Bank): string => tag(name, tag('Nm', sepaText(holder)));

const transferOf = (one: Transfer): string =>
  tag(
    'CdtTrfTxInf',
    tag('PmtId', tag('EndToEndId', idText(one.id))),
    tag('Amt', `<InstdAmt Ccy="EUR">${amountText(one.amount_e9s)}</InstdAmt>`),
    nameOf('Cdtr', one),
    accountOf('CdtrAcct', one),
    tag('RmtInf', tag('Ustrd', `Berth payout ${idText(one.id)}`)),
  );

/** All letters that are put in are of SEPA's, of which none means anything in XML. */
export function pain001({ id, made_at, from, payouts }: TransferFile): string {
  const total_e9s = payouts.reduce((sum, { amount_e9s }) => sum + amount_e9s, 0n);
  const sums = [tag('NbOfTxs', String(payouts.length)), tag('CtrlSum', amountText(total_e9s))];
  const head = tag(
    'GrpHdr',
    tag('MsgId', idText(id)),
    tag('CreDtTm', made_at.slice(0, SECOND_LETTERS)),
    ...sums,
    nameOf('InitgPty', from),
  );
  const all = tag(
    'PmtInf',
    tag('PmtInfId', idText(id)),
    tag('PmtMtd', 'TRF'),
    // One line each in the bank's statement, so that each is found there.
    tag('BtchBookg', 'false'),
    ...sums,
    tag('PmtTpInf', tag('SvcLvl', tag('Cd', 'SEPA'))),
    tag('ReqdExctnDt', tag('Dt', made_at.slice(0, DAY_LETTERS))),
    nameOf('Dbtr', from),
    accountOf('DbtrAcct', from),
    tag('DbtrAgt', tag('FinInstnId', tag('Othr', tag('Id', 'NOTPROVIDED')))),
    tag('ChrgBr', 'SLEV'),
    ...payouts.map(transferOf),
  );
  const namespace = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<Document xmlns="${namespace}">${tag('CstmrCdtTrfInitn', head, all)}</Document>\n`,
  ].join('');
}
