import { vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import type { GivenAnswers } from '../../wizard/given-answers.ts';
import type { WizardResult } from '../../wizard/wizard.ts';
import { optionsAt } from './connect-wizard.ts';
import type { InitRequest } from './request.ts';
import { lineFor } from './unattended-line.ts';

/** What there is of a conversation that was stopped. */
export interface Sofar extends Partial<Pick<WizardResult, 'connected' | 'kubeconfig'>> {
  said: GivenAnswers;
}

/** The answers as flags, so that none is lost. '' when nothing was answered. */
export function howToGoOn(io: Pick<Io, 'env'>, options: InitRequest, { said, connected, kubeconfig }: Sofar): string {
  const answers = new Map([...options.answers, ...said.flags()]);
  if (!connected || said.flags().size === 0) return '';
  const flags = Object.fromEntries([...answers].map(([flag, values]) => [nameOfFlag(flag), values]));
  const at = { ...optionsAt(options, connected.where), vaultAddr: connected.way.address };
  const [file] = options.file;
  const command = vaultbind('init', { f: file, ...flags });
  const here = { ...at, context: undefined, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
  const line = lineFor(io, command, here, connected.way.namespace);
  return line === '' ? '' : `\nto go on with these answers${line}`;
}

const nameOfFlag = (flag: string) => /--([\w-]+)/.exec(flag)?.[1] ?? flag;
