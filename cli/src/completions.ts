import { everywhere } from './command.ts';
import { commands } from './commands.ts';
import { stop } from './exits.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const flagsOf = (name: string): string[] => {
  const own = commands.find((one) => one.name === name)?.options ?? {};
  return Object.keys({ ...own, ...everywhere }).map((flag) => `--${flag}`);
};

/** What may follow no word, or one word: the names of commands, in their order. */
const wordsAfter = (first: string | null): string[] => {
  const names = commands.map(({ name }) => name.split(' '));
  const found = names.flatMap(([one = '', two]) =>
    first === null ? [one] : one === first && two !== undefined ? [two] : [],
  );
  return [...new Set(found)];
};

function bash(): string {
  const firsts = wordsAfter(null);
  const seconds = firsts
    .filter((first) => wordsAfter(first).length > 0)
    .map((first) => `    ${first}) words=${quoted(wordsAfter(first).join(' '))};;`);
  const flags = commands.map(
    ({ name }) => `    ${quoted(name)}) words=${quoted(flagsOf(name).join(' '))};;`,
  );
  return [
    '_berth() {',
    '  local words="" current="${COMP_WORDS[COMP_CWORD]}"',
    '  local first="${COMP_WORDS[1]}" both="${COMP_WORDS[1]} ${COMP_WORDS[2]}"',
    `  if [ "$COMP_CWORD" = 1 ]; then words=${quoted([...firsts, 'completions'].join(' '))}`,
    '  elif [ "$COMP_CWORD" = 2 ] && [ "${current#-}" = "$current" ]; then case "$first" in',
    ...seconds,
    '    esac',
    '  fi',
    '  if [ "${current#-}" != "$current" ]; then',
    '    case "$first" in',
    ...flags.filter((line) => !line.includes(" '") || !/^ {4}'\w+ /.test(line)),
    '    esac',
    '    case "$both" in',
    ...flags.filter((line) => /^ {4}'\w+ /.test(line)),
    '    esac',
    '  fi',
    '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")',
    '}',
    'complete -o default -F _berth berth',
  ].join('\n');
}

const fish = (): string =>
  commands
    .flatMap(({ name, about, options = {} }) => {
      const [one = '', two] = name.split(' ');
      const begin = 'complete -c berth -f';
      const here = `-n ${quoted(`__fish_seen_subcommand_from ${one}`)}`;
      return [
        two === undefined
          ? `${begin} -n __fish_use_subcommand -a ${one} -d ${quoted(about)}`
          : `${begin} -n __fish_use_subcommand -a ${one}\n${begin} ${here} -a ${two} -d ${quoted(about)}`,
        ...Object.entries({ ...options, ...everywhere }).map(
          ([flag, option]) => `complete -c berth ${here} -l ${flag} -d ${quoted(option.about)}`,
        ),
      ];
    })
    .join('\n');

/** zsh reads bash's by its own bridge. */
const zsh = (): string =>
  [
    'autoload -U +X bashcompinit && bashcompinit',
    bash().replace(
      'mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")',
      'COMPREPLY=($(compgen -W "$words" -- "$current"))',
    ),
  ].join('\n');

/** The completions of a shell, made of the table of commands. */
export function completionsFor(shell: string | undefined): string {
  const write = new Map(Object.entries({ bash, zsh, fish })).get(shell ?? '');
  if (write === undefined) throw stop('wrong_use', 'Completions are for bash, zsh or fish.');
  return write();
}
