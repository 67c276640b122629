export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** What can be typed after one command. */
export interface Completed {
  /** [] is the program itself. */
  path: string[];
  subcommands: { word: string; what: string }[];
  /** Words that may stand as its argument. */
  arguments: string[];
  /** Its arguments are files. */
  takesFiles: boolean;
  options: CompletedOption[];
}

export interface CompletedOption {
  /** `--file`, `-f`. */
  words: string[];
  what: string;
  takes: Value;
}

/** Choices that end in = go on with a file; contexts are those of the kubeconfig, asked of the program. */
export type Value = 'nothing' | 'word' | 'file' | 'variable' | 'context' | { choices: readonly string[] };

/** A script that asks the program for nothing but contexts. */
export function completionScript(shell: Shell, all: Completed[]): string {
  if (shell === 'fish') return fish(all);
  const own =
    shell === 'zsh' ? 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n' : '';
  return `${own}${bash(all)}`;
}

/**
 * zsh runs it too, by its bashcompinit. Bash breaks words at = and :, so they are put together again first, and of what
 * is offered the part that bash counts to the words before is taken off. Files are left to readline, which quotes them
 * and knows folders.
 */
function bash(all: Completed[]): string {
  const paths = all.filter(({ path }) => path.length > 0).map(({ path }) => path.join(' '));
  return `# completion of vaultbind for bash
_vaultbind_nothing() {
  compopt +o default 2>/dev/null
}

_vaultbind_offer() {
  local one
  for one in "$@"; do
    printf -v one %q "$one"
    if [[ "$one" == "$current"* ]]; then COMPREPLY+=("\${one#"$typed"}"); fi
  done
  _vaultbind_nothing
}

_vaultbind() {
  local current="" before="" typed="" path="" word glue="" kubeconfig=() contexts=() i
  local words=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ "$word" == [=:] ]]; then
      current+="$word" glue=1
    elif [[ -n "$glue" ]]; then
      current+="$word" glue=""
    else
      if ((i > 1)); then words+=("$current"); fi
      current="$word"
    fi
  done
  word="\${COMP_WORDS[COMP_CWORD]}"
  if [[ "$word" == [=:] ]]; then typed="$current"; else typed="\${current%"$word"}"; fi
  if [[ "$current" == --*=* ]]; then
    before="\${current%%=*}"
    typed="\${typed#"$before="}"
    current="\${current#*=}"
  elif ((\${#words[@]} > 0)); then
    before="\${words[@]: -1}"
  fi
  for word in "\${words[@]}"; do
    if [[ "\${kubeconfig[0]}" == --kubeconfig && \${#kubeconfig[@]} -eq 1 ]]; then kubeconfig+=("$word"); fi
    if [[ "$word" == --kubeconfig || "$word" == --kubeconfig=* ]]; then kubeconfig=("$word"); fi
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
complete -o bashdefault -o default -F _vaultbind vaultbind
`;
}

function valueCases({ path, options }: Completed): string[] {
  return options.flatMap(({ words, takes }) => {
    if (takes === 'nothing') return [];
    const patterns = words.map((word) => `'${path.join(' ')} ${word}'`).join('|');
    return [`    ${patterns}) ${replyWith(takes)}return ;;`];
  });
}

function replyWith(takes: Exclude<Value, 'nothing'>): string {
  if (takes === 'file') return '';
  if (takes === 'word') return '_vaultbind_nothing; ';
  if (takes === 'variable') return '_vaultbind_offer $(compgen -e); ';
  if (takes === 'context')
    return `while IFS= read -r word; do contexts+=("$word"); done < <("\${COMP_WORDS[0]}" completion contexts "\${kubeconfig[@]}" 2>/dev/null); _vaultbind_offer "\${contexts[@]}"; `;
  const kinds = takes.choices.filter((choice) => choice.endsWith('='));
  const offer = `_vaultbind_offer ${takes.choices.join(' ')}; `;
  if (kinds.length === 0) return offer;
  return `if [[ "$current" != *=* ]]; then compopt -o nospace 2>/dev/null; ${offer}fi; `;
}

function wordCase({ path, subcommands, arguments: words, takesFiles, options }: Completed): string {
  const flags = options.flatMap((option) => option.words.filter((word) => word.startsWith('--')));
  const first = [...subcommands.map(({ word }) => word), ...words];
  const others = first.length === 0 && takesFiles ? ':' : `_vaultbind_offer ${first.join(' ')}`;
  return `    '${path.join(' ')}') if [[ "$current" == -* ]]; then _vaultbind_offer ${flags.join(' ')}; else ${others}; fi ;;`;
}

function fish(all: Completed[]): string {
  return ['# completion of vaultbind for fish', 'complete -c vaultbind -f', ...all.flatMap(fishLines), ''].join('\n');
}

function fishLines({ path, subcommands, arguments: words, takesFiles, options }: Completed): string[] {
  const others = subcommands.map(({ word }) => word).join(' ');
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const condition = seen.length === 0 ? '__fish_use_subcommand' : seen.join('; and ');
  const here =
    others === '' || path.length === 0 ? condition : `${condition}; and not __fish_seen_subcommand_from ${others}`;
  return [
    ...subcommands.map(({ word, what }) => `complete -c vaultbind -n '${here}' -a ${word} -d ${quoted(what)}`),
    ...words.map((word) => `complete -c vaultbind -n '${condition}' -a ${word}`),
    ...(takesFiles ? [`complete -c vaultbind -n '${condition}' -F`] : []),
    ...options.map((option) => fishOption(condition, option)),
  ];
}

function fishOption(condition: string, { words, what, takes }: CompletedOption): string {
  const named = words.map((word) => (word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`));
  const value = fishValue(takes);
  return ['complete -c vaultbind', `-n '${condition}'`, ...named, ...value, '-d', quoted(what)].join(' ');
}

function fishValue(takes: Value): string[] {
  if (takes === 'nothing') return [];
  if (takes === 'word') return ['-x'];
  if (takes === 'file') return ['-r', '-F'];
  if (takes === 'variable') return ['-x', '-a', quoted('(set -nx)')];
  if (takes === 'context') return ['-x', '-a', quoted('(vaultbind completion contexts 2>/dev/null)')];
  const file = takes.choices.some((choice) => choice.endsWith('=')) ? ['-r', '-F'] : ['-x'];
  return [...file, '-a', quoted(takes.choices.join(' '))];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
