import { Command } from 'commander';
import { type PlanRequest, runPlan } from '../actions/plan.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { selectOptions } from './options.ts';

export const planCommand: CommandBuilder = ({ io, action }) =>
  selectOptions(new Command('plan'), io)
    .summary('what would change, field by field')
    .description('Looks at both systems and says what apply would change. Writes nothing: its clients cannot.')
    .option('--detailed-exitcode', 'exit 2 when changes are pending')
    .option('--out <file>', 'save the plan, for apply FILE; readable by you alone')
    .option('--show-commands', 'print the same as vault and kubectl commands, secrets as $SA_TOKEN')
    .configureHelp(
      examples(
        'vaultbind plan -f article.yaml',
        'vaultbind plan -f article.yaml --detailed-exitcode -o json',
        'vaultbind plan -f article.yaml --show-commands',
        'vaultbind plan -f article.yaml --out plan.json && vaultbind apply plan.json',
        'vaultbind plan -f article.yaml --vault-login jwt --vault-login-role plan --vault-login-jwt-env ID_TOKEN',
      ),
    )
    .action(action((options: PlanRequest) => runPlan(io, options)));
