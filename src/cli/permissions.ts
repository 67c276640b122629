import { Command, InvalidArgumentError, Option } from 'commander';
import { type PermissionsRequest, showPermissions } from '../actions/permissions/permissions.ts';
import { parseAccount } from '../model/account.ts';
import { permissionCommands } from '../model/rights.ts';
import type { Subject } from '../output/permissions/rbac.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { recipeOptions } from './options.ts';

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
    .action(action((options: PermissionsRequest) => showPermissions(io, options)));

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
