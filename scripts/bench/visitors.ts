/**
 * Visitors who open one page after another, in a thread of their own: on the thread of the client
 * whose reads are measured, each of its answers would wait behind their pages. They would be on
 * machines of their own, so they go last where the cores are taken.
 */
import { constants, setPriority } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

interface Visits {
  address: string;
  clients: number;
}

/** Begins the visits, and answers with what ends them once every client has had a page. */
export async function visit(visits: Visits): Promise<() => Promise<unknown>> {
  const worker = new Worker(new URL(import.meta.url), { workerData: visits });
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return () => worker.terminate();
}

if (!isMainThread && parentPort !== null) {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  const { address, clients } = workerData as Visits;
  const open = async () => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    await answer.arrayBuffer();
  };
  const openForever = async (): Promise<never> => {
    for (;;) await open();
  };
  const all = Array.from({ length: clients });
  await Promise.all(all.map(open));
  parentPort.postMessage('open');
  await Promise.all(all.map(openForever));
}
