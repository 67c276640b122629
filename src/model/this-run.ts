import { type Command, type Part, shell, type Word } from '../command.ts';
import { withoutUserInfo } from '../secret.ts';
import { ourFlags } from './commands.ts';

/** What flags of this run said of where it works; what its environment said, the shell says to the next command too. */
export interface GivenFlags {
  /** URL. */
  vaultAddr?: string;
  vaultNamespace?: string;
  /** Of the kubeconfig. */
  context?: string;
  /** A path. */
  kubeconfig?: string;
  /** A path. */
  ceiling?: string;
  /** Names that `${env:NAME}` may expand. */
  env?: readonly string[];
}

/**
 * The command for the servers of the run that prints it: without the flags of that run it could change another Vault, or
 * the root namespace. All commands in it are as well, and what one of them names already stays.
 */
export function forThisRun(command: Command, given: GivenFlags): Command {
  const { argv, env, stdin, into, and } = command;
  const inside = (word: Word) => wordFor(word, given);
  const [program, ...words] = argv;
  return connected(
    {
      ...command,
      argv: [inside(program), ...words.map(inside)],
      ...(env && { env: Object.fromEntries(Object.entries(env).map(([name, word]) => [name, inside(word)])) }),
      ...(stdin !== undefined && { stdin: inside(stdin) }),
      ...(into && { into: forThisRun(into, given) }),
      ...(and && { and: forThisRun(and, given) }),
    },
    given,
  );
}

function wordFor(word: Word, given: GivenFlags): Word {
  if (typeof word === 'string') return word;
  switch (word[shell]) {
    case 'variable':
    case 'output':
    case 'held':
      return partFor(word, given);
    case 'joined':
      return { ...word, parts: word.parts.map((part) => partFor(part, given)) };
    case 'pair':
      return { ...word, value: wordFor(word.value, given) };
  }
}

function partFor(part: Part, given: GivenFlags): Part {
  if (typeof part === 'string') return part;
  switch (part[shell]) {
    case 'variable':
      return part;
    case 'output':
      return { ...part, of: forThisRun(part.of, given) };
    case 'held':
      return { ...part, text: wordFor(part.text, given) };
  }
}

function connected(command: Command, given: GivenFlags): Command {
  switch (command.argv[0]) {
    case 'vault':
      return vaultOf(command, given);
    case 'kubectl':
      return flagged(command, kubectlFlags(command, given), (name, value) => [`--${name}=${value}`]);
    case 'vaultbind':
      return flagged(command, ourOwn(command, given), (name, value) => ourFlags({ [name]: value }));
    default:
      return command;
  }
}

function vaultOf(command: Command, { vaultAddr, vaultNamespace }: GivenFlags): Command {
  const env = {
    ...(vaultAddr !== undefined && !names(command, '-address') && { VAULT_ADDR: withoutUserInfo(vaultAddr) }),
    ...(vaultNamespace !== undefined &&
      !names(command, '-namespace') &&
      !isOfWholeVault(command) && { VAULT_NAMESPACE: vaultNamespace }),
  };
  return Object.keys(env).length === 0 ? command : { ...command, env: { ...env, ...command.env } };
}

/** Vault answers these in no namespace; namespaces are listed above the one that is missing. */
const isOfWholeVault = ({ argv: [, first, ...words] }: Command): boolean =>
  first === 'namespace' ||
  first === 'operator' ||
  first === 'status' ||
  words.some((word) => typeof word === 'string' && word.startsWith('sys/quotas/'));

type Flag = readonly [name: string, value: string | undefined];

/** Who chooses a context does not work in one. */
function kubectlFlags({ argv: [, what, which] }: Command, { kubeconfig, context }: GivenFlags): Flag[] {
  const chooses = what === 'config' && which !== 'view';
  return [
    ['kubeconfig', kubeconfig],
    ['context', chooses ? undefined : context],
  ];
}

const connecting = ['apply', 'plan', 'verify', 'doctor', 'init', 'step'];
const reading = [...connecting, 'validate', 'permissions'];

function ourOwn({ argv, env = {} }: Command, given: GivenFlags): Flag[] {
  const [, name, step] = argv;
  if (typeof name !== 'string' || argv.includes('--help') || (name === 'step' && step === undefined)) return [];
  const { vaultAddr, vaultNamespace, context, kubeconfig, ceiling, env: expanded = [] } = given;
  const address = vaultAddr === undefined ? undefined : withoutUserInfo(vaultAddr);
  const connection: Flag[] = [
    ['vault-addr', 'VAULT_ADDR' in env ? undefined : address],
    ['vault-namespace', 'VAULT_NAMESPACE' in env ? undefined : vaultNamespace],
    ['kubeconfig', kubeconfig],
    ['context', context],
  ];
  const read: Flag[] = [['ceiling', ceiling], ...expanded.map((one): Flag => ['env', one])];
  return [...(connecting.includes(name) ? connection : []), ...(reading.includes(name) ? read : [])];
}

/** Before what ends the options. */
function flagged(command: Command, flags: Flag[], spelt: (name: string, value: string) => Word[]): Command {
  const added = flags.flatMap(([name, value]) =>
    value === undefined || names(command, `--${name}`) ? [] : spelt(name, value),
  );
  const [program, ...words] = command.argv;
  const end = words.indexOf('--');
  const at = end === -1 ? words.length : end;
  return { ...command, argv: [program, ...words.slice(0, at), ...added, ...words.slice(at)] };
}

function names({ argv }: Command, flag: string): boolean {
  const starts = argv.map((word) => (typeof word === 'object' && word[shell] === 'joined' ? word.parts[0] : word));
  return starts.some((word) => word === flag || (typeof word === 'string' && word.startsWith(`${flag}=`)));
}
