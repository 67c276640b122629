import { InputError, type Problem } from '../../errors.ts';
import { unset } from '../../model/commands.ts';
import type { Environment } from '../../model/environment.ts';
import { withoutUserInfo } from '../../secret.ts';

/** A variable as it was found: OpenBao's name or Vault's. */
export interface FoundVariable {
  name: string;
  value: string;
}

/** What of the environment Vault's and OpenBao's own commands understand, read as they read it. */
export interface VaultEnvironment {
  /** `ADDR` is BAO_ADDR if that is set, even to nothing, else VAULT_ADDR: OpenBao's order. Undefined when empty. */
  get(name: string): FoundVariable | undefined;
  /** Of what was asked for so far: which of two that differ is used. */
  differing(): Problem[];
  flag(name: string): boolean;
  /** Whole number, not negative. */
  count(name: string): number | undefined;
  /** Milliseconds, from `60`, `90s` or `1m30s`. */
  duration(name: string): number | undefined;
  /** Notes a mistake; all are told at once. */
  wrong(problem: Problem): void;
  /** @throws InputError with every mistake noted so far. */
  check(): void;
}

export function readEnvironment(env: Environment): VaultEnvironment {
  const problems: Problem[] = [];
  const asked = new Set<string>();
  const get = (name: string): FoundVariable | undefined => {
    asked.add(name);
    const found = env[`BAO_${name}`] === undefined ? `VAULT_${name}` : `BAO_${name}`;
    const value = env[found];
    return value === undefined || value === '' ? undefined : { name: found, value };
  };
  const parse = <T>(name: string, read: (text: string) => T | undefined, form: string): T | undefined => {
    const variable = get(name);
    if (variable === undefined) return undefined;
    const value = read(variable.value.trim());
    if (value === undefined) problems.push(malformed(variable, form));
    return value;
  };
  return {
    get,
    differing: () => [...asked].flatMap((name) => differing(name, env) ?? []),
    flag: (name) => parse(name, goBoolean, 'true or false') ?? false,
    count: (name) => parse(name, wholeNumber, 'a whole number'),
    duration: (name) => parse(name, goDuration, 'a duration such as 60s'),
    wrong: (problem) => problems.push(problem),
    check: () => {
      if (problems.length > 0) throw new InputError(...problems);
    },
  };
}

/** What no secret is ever in. */
const shown = new Set(['ADDR', 'NAMESPACE']);

/** `bao` reads its own names first, `vault` knows only Vault's: with both set a reader may think of the other one. */
function differing(name: string, env: Environment): Problem | undefined {
  const [used, other] = [`BAO_${name}`, `VAULT_${name}`];
  const [mine, theirs] = [env[used], env[other]];
  if (mine === undefined || theirs === undefined || mine === theirs) return undefined;
  const value = (text: string) => (shown.has(name) ? ` (${withoutUserInfo(text) || 'nothing'})` : '');
  return {
    code: 'variables-differ',
    subject: used,
    message: `${used} and ${other} are both set and differ: ${used}${value(mine)} is used, as bao does, and ${other}${value(theirs)} is not`,
    // Only who set them knows which is meant.
    fix: [{ why: `unset the one that is not meant: ${other} if ${used} is right, else ${used}` }],
  };
}

function malformed({ name, value }: FoundVariable, form: string): Problem {
  return {
    code: 'usage',
    subject: name,
    message: `${name} is "${value}", which is not ${form}`,
    fix: [{ why: `set ${name} to ${form}, or unset it`, command: unset(name) }],
  };
}

/** Go's strconv.ParseBool, which the vault and bao commands use: anything else is an error there too. */
function goBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return undefined;
}

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function goDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? 0), 0);
}
