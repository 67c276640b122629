import { Command } from 'commander';
import { runVerify, type VerifyRequest } from '../actions/verify.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { mintFlags } from './mint-flags.ts';
import { selectOptions } from './options.ts';

export const verifyCommand: CommandBuilder = ({ io, action }) =>
  mintFlags(selectOptions(new Command('verify'), io))
    .option('--strict', 'what was only asked of Vault, and not tried, is not enough: exit 1')
    .summary('prove by real logins that the recipe holds')
    .description(
      'No drift, TokenReview passes, every expected login happens, access is as expected. Changes nothing but short-lived tokens, which it revokes. ✓ is what was tried and is good; ? is what Vault was only asked, since a try would change or make something.',
    )
    .configureHelp(
      examples(
        'vaultbind verify -f article.yaml',
        'vaultbind verify -f article.yaml --strict',
        'vaultbind verify -f article.yaml -o json',
      ),
    )
    .action(action((options: VerifyRequest) => runVerify(io, options)));
