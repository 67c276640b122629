import { limitOf } from '../../src/ceiling/index.ts';
import { readCeiling } from '../../src/ceiling/read.ts';
import type { Problem } from '../../src/errors.ts';
import { readRecipe } from '../../src/recipe/read.ts';
import { inFolder, mistakesOf } from '../recipe/reading.ts';

export const ceiling = `version: 1
auth: {paths: [kube-shop], reviewers: [shop/reviewer]}
policies:
  names: [shop-*]
  paths:
    - {path: secret/data/shop/*, capabilities: [read, update]}
    - {path: secret/metadata/shop/*, capabilities: [list]}
    - {path: pki/issue/+, capabilities: [update]}
    - {path: +/data/public, capabilities: [read]}
roles: {names: [shop-*], service_accounts: [shop/*]}
`;

/** A recipe that reaches exactly as far as it may; sections replace those of the same name. */
export function recipe(sections: Record<string, string> = {}): string {
  const whole = {
    version: '1',
    name: 'shop',
    auth: '{path: kube-shop, reviewer: {service_account: shop/reviewer}}',
    policies: '[{name: shop-app, rules: [{path: secret/data/shop/app, capabilities: [read]}]}]',
    roles: '[{name: shop-app, service_accounts: [shop/app], token_policies: [shop-app]}]',
    ...sections,
  };
  return Object.entries(whole)
    .map(([key, text]) => `${key}: ${text}\n`)
    .join('');
}

/** What is said of a recipe under a ceiling. */
export function excesses(
  text: string,
  { under = ceiling, files = {} }: { under?: string; files?: Record<string, string> } = {},
): Problem[] {
  return inFolder({ 'r.yaml': text, 'ceiling.yaml': under, ...files }, (cwd) =>
    mistakesOf(() =>
      readRecipe(['r.yaml'], { cwd, env: {}, allowedEnv: [], limits: [limitOf(readCeiling('ceiling.yaml', cwd))] }),
    ),
  );
}
