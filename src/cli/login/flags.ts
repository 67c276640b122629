import { type Command, Option } from 'commander';
import { loginMethods } from '../../operator/login/index.ts';
import { bare } from '../../operator/login/place.ts';
import { flagsOf, methodFlag, methodVariable, path } from '../../operator/login/read-inputs.ts';

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

export const loginHelp = 'Logging in to Vault:';

/** No flag takes a secret: those come from variables, files or standard input. */
export function loginFlags(command: Command): Command {
  const names = loginMethods.map(({ name }) => name);
  const add = (flag: string, text: string) => command.addOption(new Option(flag, text).helpGroup(loginHelp));
  add(methodFlag, `${names.join(', ')} (default: token; ${methodVariable})`);
  add(path.flag, `path of the auth method (default: the method's name; ${path.env})`);
  for (const [flag, { what, env, methods }] of described()) add(flag, `${methods.join(', ')}: ${what} (${env})`);
  return command;
}

/** What was typed, by flag. */
export function loginFlagsIn(options: object): Record<string, string> {
  const typed = new Map<string, unknown>(Object.entries(options));
  const all = [methodFlag, path.flag, ...described().keys()].map((flag) => new Option(flag));
  return Object.fromEntries(
    all.flatMap((option) => {
      const value = typed.get(option.attributeName());
      return typeof value === 'string' ? [[bare(option.flags), value]] : [];
    }),
  );
}
