import { createInterface } from 'node:readline/promises';
import { stop } from './exits.ts';

type Colour = 'bold' | 'dim' | 'green' | 'red' | 'yellow';
const codes: Record<Colour, number> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 };
const [CTRL_C, CTRL_D, BACKSPACE, DELETE] = ['\u0003', '\u0004', '\b', '\u007f'];

export interface Terminal {
  /** One line of the answer, whatever it holds. */
  say(line: string): void;
  /** Lines of the answer that are ours, or that may be several. */
  block(text: string): void;
  /** The answer for programs. */
  json(value: unknown): void;
  /** A file's text as it is, but on a screen. */
  file(text: string): void;
  /** One line beside the answer: progress, questions, errors. */
  note(line: string): void;
  table(head: readonly string[], rows: readonly (readonly string[])[]): void;
  paint(colour: Colour, text: string): string;
  /** What is typed or piped, which is not shown. */
  readSecret(question: string): Promise<string>;
  /** False where the answer is no; stops where nobody can be asked. */
  confirm(question: string): Promise<boolean>;
}

interface Streams {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  errors: NodeJS.WriteStream;
}

/**
 * What moves a cursor, colours, or turns the order of letters: controls (C0, C1), what Unicode lays
 * text out with (bidi marks, joiners, tags) and its own line ends.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Others' texts in several lines; nothing in them does anything. */
const plain = (text: string): string =>
  text.replace(UNSEEN, (one) => (one === '\n' || one === '\t' ? one : ''));

/** Others' texts in one line, so that none of them passes for a line of ours. */
const oneLine = (text: string): string => plain(text.replace(/[\s\p{Zl}\p{Zp}]+/gu, ' '));

/** The same value, in letters that do nothing on a screen. */
const inert = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(UNSEEN, (one) =>
    one === '\n'
      ? one
      : [...Array(one.length).keys()]
          .map((at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`)
          .join(''),
  );

export function makeTerminal({ input, output, errors }: Streams, no_colour: boolean): Terminal {
  const isPainted = output.isTTY && !no_colour;
  const write = (stream: NodeJS.WriteStream, line: string) => void stream.write(`${line}\n`);
  const paint = (colour: Colour, text: string) =>
    isPainted ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;

  function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const cells = rows.map((row) => row.map(oneLine));
    if (!output.isTTY) return cells.forEach((row) => write(output, row.join('\t')));
    const widths = head.map((name, at) =>
      Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
    );
    const lineOf = (row: readonly string[]) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd();
    write(output, paint('dim', lineOf(head)));
    for (const row of cells) write(output, lineOf(row));
  }

  return {
    say: (line) => write(output, oneLine(line)),
    block: (text) => write(output, plain(text)),
    json: (value) => write(output, inert(value)),
    file: (text) => void output.write(output.isTTY ? plain(text) : text),
    note: (line) => write(errors, oneLine(line)),
    table,
    paint,
    readSecret: (question) => (input.isTTY ? typed(question, input, errors) : piped(input)),
    async confirm(question) {
      if (!input.isTTY) throw stop('wrong_use', 'Nobody can be asked here: add --yes to sign it.');
      const asking = createInterface({ input, output: errors });
      asking.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      try {
        return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
      } finally {
        asking.close();
      }
    },
  };
}

async function piped(input: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of input) text += String(chunk);
  return text.trim();
}

/** Reads a line key by key, so that the terminal shows none of them. */
function typed(
  question: string,
  input: NodeJS.ReadStream,
  errors: NodeJS.WriteStream,
): Promise<string> {
  errors.write(question);
  input.setRawMode(true);
  input.setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let text = '';
    const end = () => {
      input.setRawMode(false);
      input.pause().removeListener('data', take);
      errors.write('\n');
    };
    const take = (keys: string) => {
      for (const key of keys) {
        if (key === CTRL_C) {
          end();
          return reject(stop('interrupted', 'Stopped; nothing was signed.'));
        }
        if (key === '\r' || key === '\n' || key === CTRL_D) {
          end();
          return resolve(text.trim());
        }
        text = key === BACKSPACE || key === DELETE ? text.slice(0, -1) : text + key;
      }
    };
    input.on('data', take);
  });
}
