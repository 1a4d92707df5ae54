/** How one connects to what was rented. Apart from the schemas, as contacts are. */
import { isHost } from './net-address.ts';

export const SSH_PORT = 22;
export const MAX_PORT = 65_535;

/** A user name of POSIX (XBD 3.437), as programs that make them take it: no hyphen begins it. */
export const isUserName = (text: string): boolean =>
  /^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$/.test(text);

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= MAX_PORT;

/** SHA-256 of a host key as ssh-keygen -l prints it; the last of 43 characters holds four bits. */
export const isHostKeyFingerprint = (text: string): boolean =>
  /^SHA256:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/.test(text);

const PLAIN_WORD = /^[A-Za-z0-9@%+=:,./_-]+$/;

/** One word of a command line for a POSIX shell (XCU 2.2), whatever it holds but NUL. */
export const shellWord = (word: string): string =>
  PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A command line that a POSIX shell reads as these words and nothing else. */
export const shellCommand = (words: readonly string[]): string => words.map(shellWord).join(' ');

interface Place {
  address: string | null;
  port: number | null;
  username: string | null;
}

/** The command that signs in there, to be copied; null where a part is not what it should be. */
export function sshCommand({ address, port, username }: Place): string | null {
  if (address === null || port === null || username === null) return null;
  if (!isHost(address) || !isPort(port) || !isUserName(username)) return null;
  const words = ['ssh', ...(port === SSH_PORT ? [] : ['-p', String(port)])];
  return shellCommand([...words, `${username}@${address}`]);
}
