import { exits } from '../../codes.ts';
import { loginMethods } from '../../operator/login/index.ts';
import { wordWrapped } from '../../output/layout/wrap.ts';
import { childFlagTexts } from '../login/child.ts';
import { flagTexts, sharedFlagTexts } from '../login/flags.ts';
import { examplesText } from './layout.ts';

/** What can be asked of the help besides commands. */
export interface Topic {
  summary: string;
  /** Lines of at most so many columns, but for words that are longer. */
  text(width: number): string;
}

export const topics: Record<string, Topic> = {
  login: { summary: 'how vaultbind itself logs in to Vault: methods, flags, variables', text: loginText },
  'exit-codes': { summary: 'what each exit code means', text: exitsText },
};

function loginText(width: number): string {
  const flags = (all: [name: string, what: string][]) =>
    all.map(([name, what]) => `${wordWrapped(name, width, '  ')}\n${wordWrapped(what, width, '      ')}`);
  const parts: string[][] = [
    [
      wordWrapped(
        'How init, plan, apply, verify, doctor and step log in to Vault themselves. A flag wins over its variable. No flag takes a secret.',
        width,
      ),
    ],
    ['For every method:', ...flags(sharedFlagTexts)],
    ...loginMethods.map((method) => [
      wordWrapped(`${method.name}: ${method.summary}`, width, '', '  '),
      ...flags(method.inputs.flatMap(flagTexts)),
    ]),
    ['With fewer rights:', ...flags(childFlagTexts)],
    [
      'Examples:',
      ...examplesText(
        [
          'vaultbind plan -f article.yaml --vault-login jwt --vault-login-role plan --vault-login-jwt-env ID_TOKEN',
          'vaultbind apply -f article.yaml --child-token',
        ],
        width,
      ),
    ],
  ];
  return parts.map((part) => part.join('\n')).join('\n\n');
}

function exitsText(width: number): string {
  return Object.entries(exits)
    .map(([code, text]) => wordWrapped(text, width, `${code.padStart(3)}  `))
    .join('\n');
}
