export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** What can be typed after one command. */
export interface Completed {
  /** [] is the program itself. */
  path: string[];
  subcommands: { word: string; what: string }[];
  /** Words that may stand as its argument. */
  arguments: string[];
  options: CompletedOption[];
}

export interface CompletedOption {
  /** `--file`, `-f`. */
  words: string[];
  what: string;
  takes: 'nothing' | 'word' | 'file' | { choices: readonly string[] };
}

/** A script that needs nothing of the program any more. */
export function completionScript(shell: Shell, all: Completed[]): string {
  if (shell === 'fish') return fish(all);
  const own =
    shell === 'zsh' ? 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n' : '';
  return `${own}${bash(all)}`;
}

/** zsh runs it too, by its bashcompinit. */
function bash(all: Completed[]): string {
  const paths = all.filter(({ path }) => path.length > 0).map(({ path }) => path.join(' '));
  return `# completion of vaultbind for bash
_vaultbind() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.map((path) => `'${path}'`).join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  COMPREPLY=()
  case "$path $before" in
${all.flatMap(valueCases).join('\n')}
  esac
  case "$path" in
${all.map(wordCase).join('\n')}
  esac
}
complete -o default -F _vaultbind vaultbind
`;
}

function valueCases({ path, options }: Completed): string[] {
  return options.flatMap(({ words, takes }) => {
    if (takes === 'nothing') return [];
    const patterns = words.map((word) => `'${path.join(' ')} ${word}'`).join('|');
    const reply =
      takes === 'word'
        ? ''
        : takes === 'file'
          ? 'COMPREPLY=($(compgen -f -- "$current")); '
          : `COMPREPLY=($(compgen -W '${takes.choices.join(' ')}' -- "$current")); `;
    return [`    ${patterns}) ${reply}return ;;`];
  });
}

function wordCase({ path, subcommands, arguments: words, options }: Completed): string {
  const flags = options.flatMap((option) => option.words.filter((word) => word.startsWith('--')));
  const first = [...subcommands.map(({ word }) => word), ...words];
  return `    '${path.join(' ')}') if [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W '${flags.join(' ')}' -- "$current")); else COMPREPLY=($(compgen -W '${first.join(' ')}' -- "$current")); fi ;;`;
}

function fish(all: Completed[]): string {
  return ['# completion of vaultbind for fish', 'complete -c vaultbind -f', ...all.flatMap(fishLines), ''].join('\n');
}

function fishLines({ path, subcommands, arguments: words, options }: Completed): string[] {
  const others = subcommands.map(({ word }) => word).join(' ');
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const condition = seen.length === 0 ? '__fish_use_subcommand' : seen.join('; and ');
  const here =
    others === '' || path.length === 0 ? condition : `${condition}; and not __fish_seen_subcommand_from ${others}`;
  return [
    ...subcommands.map(({ word, what }) => `complete -c vaultbind -n '${here}' -a ${word} -d ${quoted(what)}`),
    ...words.map((word) => `complete -c vaultbind -n '${condition}' -a ${word}`),
    ...options.map((option) => fishOption(condition, option)),
  ];
}

function fishOption(condition: string, { words, what, takes }: CompletedOption): string {
  const named = words.map((word) => (word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`));
  const value =
    takes === 'nothing'
      ? []
      : takes === 'word'
        ? ['-x']
        : takes === 'file'
          ? ['-r', '-F']
          : ['-x', '-a', quoted(takes.choices.join(' '))];
  return ['complete -c vaultbind', `-n '${condition}'`, ...named, ...value, '-d', quoted(what)].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
