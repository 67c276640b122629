import { type Command, Option } from 'commander';
import { loginMethods } from '../../operator/login/index.ts';
import { bare } from '../../operator/login/place.ts';
import { flagsOf, methodFlag, methodVariable, pathFlag } from '../../operator/login/read-inputs.ts';
import { groups } from '../help/layout.ts';

/** Each flag once, with the methods that read it. */
function described(): Map<string, { what: string; env: string; methods: string[] }> {
  const all = new Map<string, { what: string; env: string; methods: string[] }>();
  for (const { name, inputs } of loginMethods)
    for (const input of inputs)
      for (const flag of flagsOf(input)) {
        const known = all.get(flag) ?? { what: whatOf(input, flag), env: envOf(input, flag), methods: [] };
        all.set(flag, { ...known, methods: [...known.methods, name] });
      }
  return all;
}

type Input = (typeof loginMethods)[number]['inputs'][number];

function whatOf({ file, variable, name, why }: Input, flag: string): string {
  const said = name.replaceAll('_', ' ');
  if (flag === file?.flag) return `file that holds the ${said}, - is standard input`;
  return flag === variable?.flag ? `variable that holds the ${said}` : why;
}

function envOf({ env, file, variable }: Input, flag: string): string {
  if (flag === file?.flag) return file.env;
  return flag === variable?.flag ? variable.env : env;
}

const methods = loginMethods.map(({ name }) => name).join(', ');

/** What the help says of the flags that all methods have. */
export const sharedFlagTexts: [name: string, what: string][] = [
  [methodFlag, `${methods} (default: token; ${methodVariable})`],
  [pathFlag.flag, `path of the auth method (default: the method's name; ${pathFlag.env})`],
];

/** What the help says of an input: its flags, or its variable where there is none. */
export function flagTexts(input: Input): [name: string, what: string][] {
  const flags = flagsOf(input);
  if (flags.length === 0) return [[input.env, input.why]];
  return flags.map((flag) => [flag, `${whatOf(input, flag)} (${envOf(input, flag)})`]);
}

/** No flag takes a secret: those come from variables, files or standard input. */
export function loginFlags(command: Command): Command {
  const add = (flag: string, text: string, group: string) =>
    command.addOption(
      new LoginFlag(flag, text)
        .argParser((value: string, before: Record<string, string> = {}) => ({ ...before, [bare(flag)]: value }))
        .helpGroup(group),
    );
  const more = 'their flags, and a child token with fewer rights: vaultbind help login';
  add(methodFlag, `${methods} (default: token); ${more}`, groups.connection);
  add(pathFlag.flag, `path of the auth method (default: the method's name; ${pathFlag.env})`, groups.login);
  for (const [flag, { what, env, methods: some }] of described())
    add(flag, `${some.join(', ')}: ${what} (${env})`, groups.login);
  return command;
}

/** All flags about the login are told together, by flag. */
class LoginFlag extends Option {
  override attributeName(): string {
    return 'loginFlags';
  }
}
