import { canonical, sha256Hex } from '../canonical.ts';
import type { Claim } from '../signing/authority.ts';
import { readEntry, readFile, type EvidenceFile } from '../signing/evidence.ts';
import { problemOfSigner, signaturesOf } from '../signing/key-events.ts';
import { foldKeyEvents } from '../signing/key-history.ts';
import { checkServiceKeys } from '../signing/service-key.ts';
import { replayEntry, type Replay } from './replay.ts';
import { breach, type Breach } from './statement-rules.ts';
import type { SentenceName } from './sentences.ts';
import { beforeAll, governingTerms, type Standing } from './standing.ts';

/** Verifies a signature (128 hex characters) of a text under a public key (64 hex characters). */
type VerifyOne = (
  public_key: string,
  message: string,
  signature: string,
) => boolean | Promise<boolean>;

/** What the reader knows from elsewhere; each is compared only where it is given. */
export interface Expected {
  /** Hash of the last statement: without it a log cut at its end cannot be told. */
  head?: string;
  /** Keys of the service: without them the system's entries prove only that one signed them all. */
  service_keys?: readonly string[];
  audience?: string;
  /** ISO time: without it a service can make a deadline pass that lies ahead. */
  now?: string;
}

/** `at` is the place of the first entry that breaks; 0 also for what stands beside the entries. */
export type Verdict =
  | {
      ok: true;
      entries: number;
      versions: readonly (1 | 2)[];
      standing: Standing;
      /** The service's, as the evidence has it: whoever was not given it has to compare it. */
      service_key: string;
    }
  | { ok: false; at: number; broke: SentenceName; reason: string };

/** Signatures that are verified together; WebCrypto works on them beside this thread. */
const CLAIMS_AT_ONCE = 128;
/** How long this thread works before others get their turn. */
const TURN_MS = 30;

const broken = (at: number, { broke, detail }: Pick<Breach, 'broke' | 'detail'>): Verdict => ({
  ok: false,
  at,
  broke,
  reason: detail,
});

/**
 * Verifies a contract log by itself: the form of each entry, order, hashes, signatures and who may
 * sign for whom, and replays the machine: every move, amount and deadline that the log can show.
 */
export async function verifyEvidence(
  input: unknown,
  verify: VerifyOne,
  expected: Expected = {},
): Promise<Verdict> {
  const file = readFile(input);
  if (!file.ok) return broken(0, { broke: 'form', detail: file.reason });
  const claims = claimQueue(verify);
  const replay = beginReplay(file.value, expected);
  const beside = breachBeside(file.value, expected, claims) ?? ('broke' in replay ? replay : null);
  if (beside !== null || 'broke' in replay) return broken(0, beside as Breach);
  const turns = turnTaker();
  for (const [place, value] of file.value.entries.entries()) {
    const entry = readEntry(file.value, value);
    const found = entry.ok
      ? replayEntry(replay, entry.value, (claim, broke) => claims.add(place, claim, broke))
      : breach('form', entry.reason);
    const failed = await claims.take(found !== null);
    if (failed !== null) return failed;
    if (found !== null) return broken(place, found);
    await turns.take();
  }
  const failed = await claims.take(true);
  if (failed !== null) return failed;
  const { length } = file.value.entries;
  if (expected.head !== undefined && replay.head_hash !== expected.head) {
    return broken(length, { broke: 'head', detail: 'It ends with another entry.' });
  }
  const { versions, standing } = replay;
  const service_key = serviceKeyOf(file.value);
  return { ok: true, entries: length, versions: [...versions], standing, service_key };
}

function beginReplay(file: EvidenceFile, { now }: Expected): Replay | Breach {
  const terms = governingTerms.safeParse(file.terms);
  if (!terms.success) return breach('terms', 'The terms cannot be read.');
  let terms_hash: string;
  try {
    terms_hash = sha256Hex(canonical(file.terms));
  } catch {
    return breach('terms', 'The terms are not plain JSON.');
  }
  return {
    file,
    history: foldKeyEvents(file.key_events),
    terms: terms.data,
    terms_hash,
    now_ms: now === undefined ? null : Date.parse(now),
    version: 0,
    head_hash: null,
    head_at: null,
    mode: null,
    versions: new Set(),
    slack_ms: 0,
    standing: beforeAll,
  };
}

/** The service's present key, as the file has it. */
const serviceKeyOf = (file: EvidenceFile): string =>
  file.service_keys === null ? file.service_key : (file.service_keys.at(-1)?.record.key ?? '');

/** What is wrong with what stands beside the entries; its signatures are claims of entry 0. */
function breachBeside(
  file: EvidenceFile,
  expected: Expected,
  claims: ReturnType<typeof claimQueue>,
): Breach | null {
  if ((expected.audience ?? file.audience) !== file.audience) {
    return breach('authority', 'The evidence is of another site.');
  }
  if (expected.service_keys?.includes(serviceKeyOf(file)) === false) {
    return breach('service', 'The service key is not the expected one.');
  }
  const history = checkServiceKeys(file.service_keys ?? []);
  if (history.problem !== null) return breach('service', history.problem);
  for (const claim of history.claims) claims.add(0, claim, 'service');
  for (const event of file.key_events) {
    const problem = problemOfSigner(event, file.audience);
    if (problem !== null) return breach('keys', `${problem}.`);
    for (const claim of signaturesOf(event)) claims.add(0, claim, 'keys');
  }
  return null;
}

interface Queued extends Claim {
  at: number;
  broke: SentenceName;
}

/** Verifies claims in their order, some at once; one that was found good is not verified again. */
function claimQueue(verify: VerifyOne) {
  const known = new Map<string, string>();
  let waiting: Queued[] = [];
  let running: Promise<Verdict | null> = Promise.resolve(null);

  async function verifyAll(some: readonly Queued[]): Promise<Verdict | null> {
    const good = await Promise.all(
      some.map(async ({ key, text, signature }) => verify(key, text, signature)),
    );
    const failed = some[good.indexOf(false)];
    if (failed === undefined) return null;
    return broken(failed.at, { broke: failed.broke, detail: 'A signature does not match.' });
  }

  return {
    add(at: number, claim: Claim, broke: SentenceName): void {
      const { key, text, signature } = claim;
      const said = key + text;
      if (known.get(signature) === said) return;
      if (broke !== 'signature') known.set(signature, said);
      waiting.push({ ...claim, at, broke });
    },
    /** The first that failed, once there are many or `isLast`. */
    async take(isLast: boolean): Promise<Verdict | null> {
      if (waiting.length < CLAIMS_AT_ONCE && !isLast) return null;
      const failed = await running;
      if (failed !== null) return failed;
      const some = waiting;
      waiting = [];
      running = verifyAll(some);
      return isLast ? running : null;
    },
  };
}

/** Lets others have the thread now and then, so that a page goes on while it verifies. */
function turnTaker() {
  let began = performance.now();
  return {
    async take(): Promise<void> {
      if (performance.now() - began < TURN_MS) return;
      await new Promise((resolve) => setTimeout(resolve));
      began = performance.now();
    },
  };
}
