import { tryRules } from './try-rules.ts';

tryRules([
  [
    'noNameTwice',
    'error',
    'recipe-duplicate',
    'is defined twice; the first is at -:4:19',
    'policies: [{name: app, hcl: path "a" {}}, {name: «app, rules: [{path: a/b, capabilities: [read]}]}]'.replace(
      'path "a" {}',
      '\'path "a" {}\'',
    ),
  ],
  [
    'noNameTwice',
    'error',
    'recipe-duplicate',
    'in lower case',
    'roles: [{name: app, service_accounts: [a/a], token_policies: [app]}, {name: «App, service_accounts: [b/b], token_policies: [app]}]',
  ],
  [
    'lowerCaseNames',
    'warning',
    'recipe-suspicious',
    'stores this name as "app"',
    'policies: [{name: «App, rules: [{path: a/b, capabilities: [read]}]}]',
  ],
]);
