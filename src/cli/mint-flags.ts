import { type Command, InvalidArgumentError, Option } from 'commander';
import { accountForm, parseAccount, type ServiceAccountName } from '../model/account.ts';
import { withoutTrailingSlashes } from '../model/trailing.ts';
import { groups } from './help/layout.ts';
import { gathered } from './repeated.ts';

/** For what makes tokens of ServiceAccounts and logs in with them. */
export function mintFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--trust-mount <path>',
        'show tokens to this auth method although nothing shows that it passes them on to this cluster; repeatable',
      )
        .argParser(gathered(mountOf))
        .helpGroup(groups.connection),
    )
    .addOption(
      new Option(
        '--mint-for <ns/name>',
        'let a token of this account that the API server itself accepts go to an auth method that nothing but the recipe calls yours; repeatable',
      )
        .argParser(gathered(accountOf))
        .helpGroup(groups.connection),
    );
}

function mountOf(value: string): string {
  const mount = withoutTrailingSlashes(value.replace(/^\/?auth\//, ''));
  if (mount === '') throw new InvalidArgumentError('name the path of an auth method');
  return mount;
}

function accountOf(value: string): ServiceAccountName {
  const account = accountForm.test(value) ? parseAccount(value) : undefined;
  if (!account) throw new InvalidArgumentError('write namespace/name');
  return account;
}
