import type { Difference, ShownField } from '@berth/shared/contracts/differences';
import type { ContractView } from '@berth/shared/contracts/schemas';
import { contracts } from '@berth/shared/contracts/endpoints';
import { platform } from '@berth/shared/platform/endpoints';
import { isProblem } from '@berth/shared/problems';
import { createContext, untrack } from 'svelte';
import { call } from '#lib/api.ts';
import { serverClock } from '#lib/features/keys/clock.ts';
import type { Log } from './log.svelte.ts';
import type { Check } from './verify-log.ts';

/** A log of more entries is verified when its reader asks for it, not when the page is opened. */
const VERIFY_AT_ONCE_MAX = 200;

/** What the browser knows of the page: `broken` of the log itself, `differs` of the page alone. */
type Finding = 'unverified' | 'checking' | 'verified' | 'differs' | 'broken';

/** What this browser found of the page and its log, which it verifies by itself. */
interface Verification {
  readonly finding: Finding;
  readonly check: Check | null;
  readonly differences: readonly Difference[];
  /** Why it could not be verified now; empty where it could. */
  readonly failure: string;
  /** Whether there is a command to connect by: never while the page shows what nobody signed. */
  readonly connects: boolean;
  differenceAt: (field: ShownField) => Difference | undefined;
  verify: () => Promise<void>;
  /** Resolves when no verification runs. */
  settled: () => Promise<void>;
}

export const [useVerification, provideVerification] = createContext<Verification>();

/** Verifies whenever the log has grown, but a long one only when asked to. */
export function makeVerification(viewOf: () => ContractView, log: Log): Verification {
  let check = $state.raw<Check | null>(null);
  let running = $state(false);
  let failure = $state('');
  let last: Promise<void> = Promise.resolve();
  /** Counts the verifications: the newest one is told alone. */
  let turn = 0;

  const isShort = $derived(viewOf().entry_count <= VERIFY_AT_ONCE_MAX);
  const head = $derived(viewOf().head.hash);
  const current = $derived(check?.head === head ? check : null);
  const differences = $derived(
    current?.differencesFrom({ ...viewOf(), entries: [...log.entries] }) ?? [],
  );
  const finding = $derived.by((): Finding => {
    if (running) return 'checking';
    if (current !== null) {
      if (!current.verdict.ok) return 'broken';
      return differences.length > 0 ? 'differs' : 'verified';
    }
    return isShort && failure === '' ? 'checking' : 'unverified';
  });

  async function find(): Promise<Check> {
    const { contract_id, head: expected } = viewOf();
    const [{ checkEvidence }, evidence, { items }, now_ms] = await Promise.all([
      import('./verify-log.ts'),
      call(contracts.evidence, { params: { contract_id } }),
      call(platform.keys),
      serverClock(),
    ]);
    const service_keys = items.map(({ record }) => record.key);
    return checkEvidence(evidence, { head: expected, service_keys, now_ms: now_ms() });
  }

  async function run(): Promise<void> {
    turn += 1;
    const own = turn;
    running = true;
    failure = '';
    try {
      const found = await find();
      if (own === turn) check = found;
    } catch (error) {
      if (!isProblem(error)) throw error;
      if (own === turn) failure = error.message;
    } finally {
      if (own === turn) running = false;
    }
  }
  const verify = () => (last = run());

  $effect(() => {
    if (isShort && head !== untrack(() => check?.head)) untrack(() => void verify());
  });

  return {
    get finding() {
      return finding;
    },
    get check() {
      return check;
    },
    get differences() {
      return differences;
    },
    get failure() {
      return failure;
    },
    get connects() {
      return finding === 'verified' || finding === 'unverified';
    },
    differenceAt: (field) => differences.find((one) => one.field === field),
    verify,
    settled: () => last,
  };
}
