import { join } from 'node:path';
import { type ExitCode, InputError } from '../../errors.ts';
import type { Io } from '../../model/io.ts';
import { exitCodeOf, type Finding, finding, type Report, report } from '../../model/report.ts';
import { type PermissionCommand, permissionCommands, type Right } from '../../model/rights.ts';
import { reportJson } from '../../output/json.ts';
import { rbac, type Subject } from '../../output/permissions/rbac.ts';
import { vaultPolicy } from '../../output/permissions/vault-policy.ts';
import { scratchRules } from '../../proof/scratch-mount.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { readRecipes } from '../read-recipes.ts';
import { replaceFile, unwritable } from '../reports/files.ts';
import { tell } from '../reports/write-reports.ts';
import type { RecipeRequest } from '../requests.ts';
import { rightsOf } from './rights.ts';

export interface PermissionsRequest extends Omit<RecipeRequest, 'output'> {
  output: 'human' | 'json' | 'vault' | 'kubernetes';
  for?: PermissionCommand;
  /** For plan --out and apply PLAN. */
  savedPlan?: boolean;
  out?: string;
  subject?: Subject;
}

export async function showPermissions(io: Io, options: PermissionsRequest): Promise<ExitCode> {
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

function textOf(result: Report, texts: Texts[], { output, out }: PermissionsRequest): string {
  if (output === 'json') return reportJson(result);
  return out === undefined ? texts.map((one) => shown(one, output)).join('\n') : '';
}

export interface Texts {
  command: PermissionCommand;
  vault: string;
  kubernetes: string;
}

function textsFor(command: PermissionCommand, recipe: Recipe, { subject, savedPlan }: PermissionsRequest): Texts {
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

function shown({ vault, kubernetes }: Texts, output: PermissionsRequest['output']): string {
  if (output === 'vault') return vault;
  return output === 'kubernetes' ? kubernetes : `${vault}\n${kubernetes}`;
}

async function writeAll(io: Io, folder: string, texts: Texts[]): Promise<void> {
  const files = texts.flatMap(({ command, vault, kubernetes }) => [
    { path: join(folder, `vault-policy-${command}.hcl`), text: vault },
    { path: join(folder, `kubernetes-${command}.yaml`), text: kubernetes },
  ]);
  const problems = await Promise.all(files.map(({ path }) => unwritable(io.cwd, path)));
  InputError.throwAny(problems.filter((one) => one !== undefined));
  for (const { path, text } of files) await replaceFile(io.cwd, path, text);
}

function findingOf(command: PermissionCommand, { rule, neededBy, optional }: Right): Finding {
  const subject = rule.system === 'vault' ? rule.path : addressOf(rule);
  const what = rule.system === 'vault' ? rule.capabilities.join(', ') : rule.verb;
  const code = optional === undefined ? 'right-needed' : 'right-optional';
  const message = `${command} needs ${what}, for ${neededBy.join(', ')}`;
  const spare = `${command} is the better for ${what}, for ${neededBy.join(', ')}; without it ${optional}`;
  const said = Object.entries(rule).filter(([, after]) => after !== undefined);
  const fields = said.map(([field, after]) => ({ field, after }));
  return finding({ code, subject, status: 'ok', message: optional === undefined ? message : spare, fields });
}

function addressOf({ resource, namespace, name }: Extract<Right['rule'], { system: 'kubernetes' }>): string {
  return [resource, [namespace, name].filter((part) => part !== undefined).join('/')].filter((part) => part).join(' ');
}
