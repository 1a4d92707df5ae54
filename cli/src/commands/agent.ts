import { dirname } from 'node:path';
import { makeAgent } from '../agent/agent.ts';
import { readAgentConfig } from '../agent/config.ts';
import type { Command } from '../command.ts';
import { exits, stop } from '../exits.ts';

export const agentCommands: readonly Command[] = [
  {
    name: 'agent',
    takes: ['RULES'],
    about: 'Take requests for what you provide, set machines up by a driver, and clean up after',
    options: {
      once: { type: 'boolean', about: 'one look, all that follows from it, and the end' },
    },
    examples: ['berth agent rules.json', 'berth agent rules.json --once'],
    async run({ terminal, store, origin, berth, env }, given) {
      const config = readAgentConfig(given.words[0] ?? '');
      const device = store.find()?.device;
      if (device?.origin !== origin) {
        throw stop('signed_out', `The agent signs, so it needs a device of ${origin}.`);
      }
      const log = (contract_id: string | null, sentence: string) => {
        const at = new Date().toISOString();
        terminal.say(
          given.has('json')
            ? JSON.stringify({ at, contract_id, sentence })
            : [at, ...(contract_id === null ? [] : [contract_id]), sentence].join(' '),
        );
      };
      // What runs is ended with it, and gone on from at the next start.
      process.once('SIGTERM', () => process.exit(exits.done.code));
      const { device_key } = device;
      const agent = makeAgent({ berth, device_key, config, folder: dirname(store.file), env, log });
      log(null, `Berth is ${origin}, the provider ${device.account.handle}.`);
      await (given.has('once') ? agent.once() : agent.forever());
    },
  },
];
