import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ICP_PAGE_BYTES, icpProblem } from '../../ports/icp.ts';
import type { IcpPort } from '../../ports/icp.ts';
import { metadataOf, pageAt } from '../../ports/icp-pages.ts';

/**
 * The chain in a file of blocks, whose first byte is the start of the data. The file may grow; it
 * is opened anew for each page.
 */
export const makeFileIcp = (path: string, page_bytes = ICP_PAGE_BYTES): IcpPort => ({
  fetch: (position, bytes_before, signal) =>
    withFile(path, signal, async (file, size) => {
      const read = (offset: number, length: number) => readRange(file, offset, length);
      return pageAt({ size, page_bytes, read }, position, bytes_before);
    }),
  metadata: (signal) => withFile(path, signal, async (_, size) => metadataOf(size)),
});

async function withFile<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const file = await open(path).catch((error: Error) => {
    throw icpProblem(
      'unreachable',
      `The Internet Computer's file cannot be opened: ${error.message}`,
    );
  });
  try {
    return await work(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function readRange(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw icpProblem('refused', 'The file became shorter as it was read.');
    done += bytesRead;
  }
  return bytes;
}
