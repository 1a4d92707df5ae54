import { readFileSync, writeFileSync } from 'node:fs';
import { verifyEvidence } from '@berth/sdk';
import { counted } from '@berth/shared/count';
import { answer, type Command } from '../command.ts';
import { stop } from '../exits.ts';

/** A program that takes no event for so long is passed by. */
const LISTENER_MS = 10_000;

const isLocal = (address: string): boolean =>
  URL.canParse(address) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw stop('wrong_use', `${file} cannot be read as evidence: ${(error as Error).message}`);
  }
}

/** Whoever makes up a whole contract makes up its service too. */
const byItsOwnKey = (service_key: string): string =>
  `The service’s entries were compared with the file’s own key, ${service_key}. ` +
  'Give the one that you know by --service-key.';

export const proofCommands: readonly Command[] = [
  {
    name: 'evidence',
    takes: ['CONTRACT', '[FILE]'],
    about: 'Save a contract’s log with all that verifies it offline',
    examples: ['berth evidence 3f… contract.json'],
    async run({ berth, terminal }, { words: [contract_id = '', file] }) {
      const evidence = await berth.contracts.evidence({ params: { contract_id } });
      if (file === undefined) terminal.json(evidence);
      else writeFileSync(file, JSON.stringify(evidence, null, 2));
    },
  },
  {
    name: 'verify',
    takes: ['FILE'],
    about: 'Verify a contract’s evidence, without a network',
    options: {
      head: { type: 'string', value: 'HASH', about: 'of the last entry, as you know it' },
      'service-key': { type: 'string', value: 'KEY', about: 'the service’s, as you know it' },
    },
    examples: ['berth verify contract.json', 'berth verify contract.json --head 9a…'],
    async run(context, given) {
      const [head, key] = [given.text('head'), given.text('service-key')];
      const verdict = await verifyEvidence(readJson(given.words[0] ?? ''), {
        ...(head === undefined ? {} : { head }),
        ...(key === undefined ? {} : { service_keys: [key] }),
      });
      answer(context, given, verdict, () => {
        if (verdict.ok) {
          const entries = counted(verdict.entries, 'entry', 'entries');
          context.terminal.say(`It verifies: ${entries}, every sentence kept.`);
          if (verdict.state !== null) context.terminal.say(`The contract is: ${verdict.state}.`);
          if (key === undefined) context.terminal.note(byItsOwnKey(verdict.service_key));
        }
      });
      if (!verdict.ok) {
        const { at, sentence, reason } = verdict;
        throw stop('broken', `It breaks at entry ${at}. ${sentence} ${reason}`);
      }
    },
  },
  {
    name: 'listen',
    takes: [],
    about: 'Print what changes, as it changes, or post it to a local address',
    options: {
      to: { type: 'string', value: 'URL', about: 'an address on this machine' },
      public: { type: 'boolean', about: 'changes of offerings alone, without signing in' },
    },
    examples: ['berth listen', 'berth listen --to http://127.0.0.1:8080/events'],
    async run({ berth, terminal }, given) {
      const to = given.text('to');
      if (to !== undefined && !isLocal(to)) {
        throw stop('wrong_use', 'Events are posted to this machine alone; webhooks reach others.');
      }
      for await (const event of berth.events({ public: given.has('public') })) {
        const body = JSON.stringify(event);
        terminal.say(given.has('json') ? body : `${event.topic}  ${event.subject_id}`);
        if (to === undefined) continue;
        const headers = { 'content-type': 'application/json' };
        const signal = AbortSignal.timeout(LISTENER_MS);
        const init = { method: 'POST', headers, body, signal, redirect: 'manual' } as const;
        const sent = await fetch(to, init).catch(() => null);
        if (sent?.ok !== true)
          terminal.note(`${to} did not take it: ${sent?.status ?? 'no answer'}`);
      }
    },
  },
];
