import { labelForm } from '../../model/account.ts';
import { textIn, withValue } from '../../recipe/tree.ts';
import { isLoopback } from '../../recipe/urls.ts';
import type { Page, WizardQuestion } from '../question.ts';
import { nameOf, oneOf, yesOrNo } from './words.ts';

const name: WizardQuestion = {
  path: ['name'],
  label: 'Name',
  flag: '--name <name>',
  message: 'What is this binding called?',
  why: 'Reports and the User-Agent name it.',
  offer: ({ answers }) => {
    const proposed = nameOf(textIn(answers, ['roles', 0, 'name']) ?? textIn(answers, ['auth', 'path']) ?? 'app');
    return { default: proposed, choices: [{ value: proposed }], open: true };
  },
  judge: (value) =>
    labelForm.test(value) ? undefined : { wrong: 'a name is lower-case letters, digits and -, at most 63 of them' },
};

const address: WizardQuestion = {
  path: ['vault', 'address'],
  label: 'One Vault only',
  flag: '--assert-address <yes|no>',
  message: 'Shall the recipe be good for this Vault alone?',
  why: 'Run against another one it is then refused. It never chooses the address: VAULT_ADDR does.',
  current: (answers) => (textIn(answers, ['vault', 'address']) === undefined ? [] : ['yes']),
  implied: () => 'no',
  offer: ({ vault }) => ({
    // A Vault on this machine is another tomorrow.
    default: URL.canParse(vault.address) && isLoopback(new URL(vault.address).hostname) ? 'no' : 'yes',
    choices: yesOrNo(`only ${vault.address}`, 'any Vault that VAULT_ADDR names'),
  }),
  judge: (value) => oneOf(value, ['yes', 'no']),
  put: ({ answers, vault }, [value]) =>
    withValue(answers, ['vault', 'address'], value === 'yes' ? vault.address : undefined),
};

const file: WizardQuestion = {
  path: ['file'],
  label: 'Recipe file',
  flag: '-f, --file <recipe>',
  message: 'Where shall the recipe be written?',
  why: 'It holds no secret, and belongs into version control.',
  offer: ({ answers, exists }) => {
    const proposed = `${textIn(answers, ['name']) ?? 'recipe'}.yaml`;
    const names = exists(proposed) ? [proposed, `new-${proposed}`] : [proposed];
    return { default: proposed, choices: names.map((value) => ({ value })), open: true };
  },
  judge: (value, { exists }) => {
    if (!/\.ya?ml$/.test(value)) return { note: 'recipes usually end in .yaml' };
    return exists(value) ? { warning: 'exists; you are asked before it is replaced' } : undefined;
  },
};

export const recipePage: Page = { title: 'The recipe', questions: [name, address, file] };
