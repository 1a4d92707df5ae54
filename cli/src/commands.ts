import type { Command } from './command.ts';
import { accountCommands } from './commands/account.ts';
import { agentCommands } from './commands/agent.ts';
import { contractCommands } from './commands/contracts.ts';
import { marketCommands } from './commands/market.ts';
import { proofCommands } from './commands/proof.ts';
import { sshCommands } from './commands/ssh.ts';

/** Every command there is: parsing, help, completions and docs/cli.md are made of it. */
export const commands: readonly Command[] = [
  ...marketCommands,
  ...contractCommands,
  ...sshCommands,
  ...agentCommands,
  ...proofCommands,
  ...accountCommands,
];
