import * as z from 'zod';
import * as accounts from './accounts/schemas.ts';
import * as admin from './admin/schemas.ts';
import * as blocks from './blocks/schemas.ts';
import * as credentials from './contracts/credentials.ts';
import * as contracts from './contracts/schemas.ts';
import * as icp from './icp/schemas.ts';
import * as papers from './papers/schemas.ts';
import * as payments from './payments/schemas.ts';
import * as payouts from './payouts/schemas.ts';
import * as ledger from './ledger/schemas.ts';
import * as months from './ledger/months.ts';
import * as mail from './mail/schemas.ts';
import * as market from './market/schemas.ts';
import * as choices from './notices/choices.ts';
import * as notices from './notices/schemas.ts';
import * as bulk from './offerings/bulk.ts';
import * as history from './offerings/history.ts';
import * as hold from './offerings/hold.ts';
import * as mapping from './offerings/mapping.ts';
import * as offerings from './offerings/schemas.ts';
import * as statistics from './offerings/statistics.ts';
import * as rates from './rates/schemas.ts';
import * as saved from './saved/schemas.ts';
import * as autoAccept from './signing/auto-accept.ts';
import * as delegation from './signing/delegation.ts';
import * as evidence from './signing/evidence.ts';
import * as keyEvents from './signing/key-events.ts';
import * as seal from './signing/seal.ts';
import * as statement from './signing/statement.ts';
import * as tokens from './tokens/schemas.ts';
import * as webhooks from './webhooks/schemas.ts';

const sources = {
  ...{
    accounts,
    admin,
    blocks,
    contracts,
    credentials,
    icp,
    ledger,
    months,
    market,
    notices,
    papers,
    payments,
    payouts,
  },
  ...{ choices, mail, rates, saved, tokens, webhooks },
  ...{ offerings, bulk, history, hold, mapping, statistics },
  ...{ autoAccept, delegation, evidence, keyEvents, seal, statement },
};

export const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/**
 * What the schemas that are exported are called outside: by the name they have here, as an
 * `offeringView` is an `OfferingView`. The second of a name has its file's before it.
 */
export const schemaNames: ReadonlyMap<z.ZodType, string> = (() => {
  const names = new Map<z.ZodType, string>();
  const taken = new Set<string>();
  for (const [source, exported] of Object.entries(sources)) {
    for (const [name, value] of Object.entries(exported as Record<string, unknown>)) {
      if (!(value instanceof z.ZodType) || names.has(value)) continue;
      const short = pascal(name.replace(/Schema$/, ''));
      const free = taken.has(short) ? pascal(source) + short : short;
      taken.add(free);
      names.set(value, free);
    }
  }
  return names;
})();
