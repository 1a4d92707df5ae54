import { LEDGER_PAGE_BYTES, ledgerProblem } from '../../ports/ledger.ts';
import type { LedgerPort, LedgerProblemKind } from '../../ports/ledger.ts';
import { metadataOf, pageAt } from '../../ports/ledger-pages.ts';

/** A ledger in memory, for tests: it grows, forks and fails as it is told. */
export interface FakeLedger extends LedgerPort {
  append(bytes: Uint8Array): void;
  /** Puts other bytes in the place of all. */
  replace(bytes: Uint8Array): void;
  /** Fails the next so many questions with this problem. */
  fail(kind: LedgerProblemKind, times: number): void;
}

export function makeFakeLedger(
  start: Uint8Array = new Uint8Array(),
  page_bytes = LEDGER_PAGE_BYTES,
): FakeLedger {
  let bytes = start;
  const failures: LedgerProblemKind[] = [];
  const answer = (signal: AbortSignal | undefined) => {
    signal?.throwIfAborted();
    const kind = failures.shift();
    if (kind !== undefined) throw ledgerProblem(kind, `The fake ledger fails: ${kind}.`);
  };
  const read = async (offset: number, length: number) => bytes.slice(offset, offset + length);
  return {
    async fetch(position, bytes_before, signal) {
      answer(signal);
      return pageAt({ size: bytes.length, page_bytes, read }, position, bytes_before);
    },
    async metadata(signal) {
      answer(signal);
      return metadataOf(bytes.length);
    },
    append(more) {
      bytes = Buffer.concat([bytes, more]);
    },
    replace(others) {
      bytes = others;
    },
    fail(kind, times) {
      failures.push(...Array.from({ length: times }, () => kind));
    },
  };
}
