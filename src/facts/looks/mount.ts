import { question } from '../../contracts/experiment.ts';
import { authMount, authMounts, impossibleLogin, storedConfig } from '../../proof/auth-method.ts';
import type { MountFacts } from '../examination.ts';
import type { Patient } from '../patient.ts';
import type { AskFact } from './ask.ts';

export const mountAsks = ({ mount }: Patient) => ({
  found: question(authMount, mount),
  all: question(authMounts, null),
  impossibleLogin: question(impossibleLogin, mount),
  config: question(storedConfig, mount),
});

/** The auth method and its config. */
export async function mountFacts(patient: Patient, ask: AskFact): Promise<MountFacts> {
  const asked = mountAsks(patient);
  const [found, all, impossible, config] = await Promise.all([
    ask(asked.found),
    ask(asked.all),
    ask(asked.impossibleLogin),
    ask(asked.config),
  ]);
  return { found, all, impossibleLogin: impossible, config };
}
