import { type Question, question } from '../../contracts/experiment.ts';
import { type SecretFact, storedSecret } from '../../proof/stored-secret.ts';
import type { Examination } from '../examination.ts';
import type { Patient } from '../patient.ts';
import type { AskFact } from './ask.ts';

export const secretAsks = ({ can }: Patient): Question<string, SecretFact>[] =>
  can.map(({ path }) => question(storedSecret, path));

/** What lies where the workload reads. */
export async function secretFacts(patient: Patient, ask: AskFact): Promise<Examination['secrets']> {
  const secrets = new Map();
  for (const asked of secretAsks(patient)) secrets.set(asked.subject, await ask(asked));
  return secrets;
}
