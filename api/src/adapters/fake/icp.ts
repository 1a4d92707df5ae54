import { ICP_PAGE_BYTES, icpProblem } from '../../ports/icp.ts';
import type { IcpPort, IcpProblemKind } from '../../ports/icp.ts';
import { metadataOf, pageAt } from '../../ports/icp-pages.ts';

/** A chain in memory, for tests: it grows, forks and fails as it is told. */
export interface FakeIcp extends IcpPort {
  append(bytes: Uint8Array): void;
  /** Puts other bytes in the place of all. */
  replace(bytes: Uint8Array): void;
  /** Fails the next so many questions with this problem. */
  fail(kind: IcpProblemKind, times: number): void;
}

export function makeFakeIcp(
  start: Uint8Array = new Uint8Array(),
  page_bytes = ICP_PAGE_BYTES,
): FakeIcp {
  let bytes = start;
  const failures: IcpProblemKind[] = [];
  const answer = (signal: AbortSignal | undefined) => {
    signal?.throwIfAborted();
    const kind = failures.shift();
    if (kind !== undefined) throw icpProblem(kind, `The fake chain fails: ${kind}.`);
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
