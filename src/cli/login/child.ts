import { type Command, Option } from 'commander';
import { groups } from '../help/layout.ts';
import { repeated } from '../repeated.ts';

export const childFlagTexts: [whole: [name: string, what: string], named: [name: string, what: string]] = [
  [
    '--child-token',
    'work with a child of the token that has only the rights this recipe needs, for 30 minutes at most; revoked at the end',
  ],
  ['--child-policy <name>', 'the same with a policy that is there and that the token has; repeatable'],
];

export function childFlags(command: Command): Command {
  const [whole, named] = childFlagTexts;
  return command
    .addOption(new Option(...whole).helpGroup(groups.login))
    .addOption(new Option(...named).argParser(repeated).helpGroup(groups.login));
}
