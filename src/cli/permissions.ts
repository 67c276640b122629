import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readRecipes } from '../actions/open.ts';
import { rightsOf, savedPlanCommands } from '../actions/permissions/rights.ts';
import { replaceFile, unwritable } from '../actions/reports/files.ts';
import { tell } from '../actions/reports/write-reports.ts';
import type { ExitCode } from '../errors.ts';
import { InputError } from '../errors.ts';
import { parseAccount } from '../model/account.ts';
import type { Io } from '../model/io.ts';
import { exitCodeOf, type Finding, finding, type Report, report } from '../model/report.ts';
import { type PermissionCommand, permissionCommands, type Right } from '../model/rights.ts';
import { json } from '../output/json.ts';
import { rbac, type Subject } from '../output/permissions/rbac.ts';
import { vaultPolicy } from '../output/permissions/vault-policy.ts';
import { scratchRules } from '../proof/scratch-mount.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { type RecipeOptions, recipeOptions } from './options.ts';

interface PermissionsOptions extends Omit<RecipeOptions, 'output'> {
  output: 'human' | 'json' | 'vault' | 'kubernetes';
  for?: PermissionCommand;
  /** For plan --out and apply PLAN. */
  savedPlan?: boolean;
  out?: string;
  subject?: Subject;
}

export const permissionsCommand: CommandBuilder = ({ io, action }) =>
  recipeOptions(new Command('permissions'), io, ['human', 'json', 'vault', 'kubernetes'])
    .summary('the least rights that a command of this recipe needs')
    .description(
      'Prints the least Vault policy and the least Kubernetes RBAC with which plan, apply, verify or doctor of this recipe work, each rule with the step that needs it. Contacts nothing.',
    )
    .addOption(
      new Option('--for <command>', 'whose rights (default: apply; with --out: each)').choices(permissionCommands),
    )
    .option('--saved-plan', 'with what plan --out and apply PLAN need besides')
    .option('--out <folder>', 'write files to apply instead: vault-policy-COMMAND.hcl and kubernetes-COMMAND.yaml')
    .option('--subject <who>', 'bind the roles to user:NAME, group:NAME or serviceaccount:NS/NAME', subjectNamed)
    .configureHelp(
      examples(
        'vaultbind permissions -f article.yaml --for plan --saved-plan',
        'vaultbind permissions -f article.yaml --for apply -o vault | vault policy write vaultbind-article-apply -',
        'vaultbind permissions -f article.yaml --out rights --subject serviceaccount:ci/vaultbind',
      ),
    )
    .action(action((options: PermissionsOptions) => showPermissions(io, options)));

async function showPermissions(io: Io, options: PermissionsOptions): Promise<ExitCode> {
  refuseWithoutPlan(options);
  const { recipe } = await readRecipes(io, { ...options, output: 'human' });
  const commands = options.for ? [options.for] : options.out === undefined ? ['apply' as const] : permissionCommands;
  const texts = commands.map((command) => textsFor(command, recipe, options));
  if (options.out !== undefined) await writeAll(io, options.out, texts);
  const findings = commands.flatMap((command) =>
    rightsOf(command, recipe, options.savedPlan).map((right) => findingOf(command, right)),
  );
  const result = report({ command: 'permissions', recipe, findings });
  await tell(io, result, options, { text: textOf(result, texts, options), stream: io.stdout });
  return exitCodeOf(result, []);
}

function textOf(result: Report, texts: Texts[], { output, out }: PermissionsOptions): string {
  if (output === 'json') return json(result);
  return out === undefined ? texts.map((one) => shown(one, output)).join('\n') : '';
}

function refuseWithoutPlan({ for: command, savedPlan }: PermissionsOptions): void {
  if (!savedPlan || command === undefined || savedPlanCommands.includes(command)) return;
  throw new InputError({
    code: 'usage',
    subject: '--saved-plan',
    message: `--saved-plan says nothing to ${command}, which neither saves nor takes a plan`,
    fix: [{ why: `leave it out, or name one of ${savedPlanCommands.join(' and ')} with --for` }],
  });
}

interface Texts {
  command: PermissionCommand;
  vault: string;
  kubernetes: string;
}

function textsFor(command: PermissionCommand, recipe: Recipe, { subject, savedPlan }: PermissionsOptions): Texts {
  const rights = rightsOf(command, recipe, savedPlan);
  const name = `vaultbind-${recipe.name}-${command}`;
  const namespace = recipe.vault.namespace === undefined ? '' : ` in the Vault namespace ${recipe.vault.namespace}`;
  const vault = `# What vaultbind ${command} of the recipe ${recipe.name} needs in Vault${namespace}, and no more.\n#   vault policy write ${name} vault-policy-${command}.hcl\n\n`;
  const bound = subject
    ? ''
    : `# Without --subject nobody is bound: kubectl create rolebinding and clusterrolebinding do it.\n`;
  const kubernetes = `# What vaultbind ${command} of the recipe ${recipe.name} needs in Kubernetes, and no more.\n#   kubectl apply -f kubernetes-${command}.yaml\n${bound}`;
  const flags = command === 'doctor' ? forFlagsOfDoctor : '';
  return { command, vault: vault + vaultPolicy(rights) + flags, kubernetes: kubernetes + rbac(rights, name, subject) };
}

const forFlagsOfDoctor = [
  '',
  '# With --fix it needs what apply needs besides (--for apply); with --probe also',
  ...scratchRules.map((rule) => `# ${rule}`),
  '',
].join('\n');

function shown({ vault, kubernetes }: Texts, output: PermissionsOptions['output']): string {
  if (output === 'vault') return vault;
  return output === 'kubernetes' ? kubernetes : `${vault}\n${kubernetes}`;
}

async function writeAll(io: Io, folder: string, texts: Texts[]): Promise<void> {
  const files = texts.flatMap(({ command, vault, kubernetes }) => [
    { path: join(folder, `vault-policy-${command}.hcl`), text: vault },
    { path: join(folder, `kubernetes-${command}.yaml`), text: kubernetes },
  ]);
  const problems = await Promise.all(files.map(({ path }) => unwritable(io.cwd, path)));
  const [first, ...rest] = problems.filter((one) => one !== undefined);
  if (first) throw new InputError(first, ...rest);
  for (const { path, text } of files) await replaceFile(io.cwd, path, text);
}

function findingOf(command: PermissionCommand, { rule, neededBy, optional }: Right): Finding {
  const subject = rule.system === 'vault' ? rule.path : addressOf(rule);
  const what = rule.system === 'vault' ? rule.capabilities.join(', ') : rule.verb;
  const code = optional === undefined ? 'right-needed' : 'right-optional';
  const message = `${command} needs ${what}, for ${neededBy.join(', ')}`;
  const spare = `${command} is the better for ${what}, for ${neededBy.join(', ')}; without it ${optional}`;
  const fields = Object.entries(rule).map(([field, after]) => ({ field, after }));
  return finding({ code, subject, status: 'ok', message: optional === undefined ? message : spare, fields });
}

function addressOf({ resource, namespace, name }: Extract<Right['rule'], { system: 'kubernetes' }>): string {
  return [resource, [namespace, name].filter((part) => part !== undefined).join('/')].filter((part) => part).join(' ');
}

function subjectNamed(text: string): Subject {
  const [kind, ...rest] = text.split(':');
  const name = rest.join(':');
  const account = kind === 'serviceaccount' ? parseAccount(name) : undefined;
  if (account) return { kind: 'ServiceAccount', ...account };
  const kinds: Record<string, 'User' | 'Group'> = { user: 'User', group: 'Group' };
  const found = kinds[kind ?? ''];
  if (found === undefined || name === '')
    throw new InvalidArgumentError('write user:NAME, group:NAME or serviceaccount:NS/NAME');
  return { kind: found, apiGroup: 'rbac.authorization.k8s.io', name };
}
