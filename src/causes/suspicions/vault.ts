import { type CauseId, isCause } from '../../codes.ts';
import type { Problem } from '../../errors.ts';
import { vault } from '../../model/commands.ts';
import { inWords } from '../../model/printed.ts';
import type { Family, Suspected } from '../cause.ts';

/** Vault does not answer, or is in no state to. Nothing else can be told then, and nothing else is blamed. */
export const vaultCauses: Family = ({ vault: { health }, address }) => {
  if (!health.known) return health.because.problems.filter(isAnswer).map((problem) => fromProblem(problem, address));
  const { sealed, initialized } = health.value;
  const state = (cause: CauseId, said: string, why: string): Suspected => ({
    cause,
    certainty: 'certain',
    stage: 'vault',
    subject: address,
    evidence: [{ experiment: 'vault-health', said }],
    fix: [{ why }],
  });
  if (!initialized)
    return [
      state(
        'vault-uninitialized',
        'initialized: false',
        `whoever runs it initialises it, once: ${inWords(vault('operator init'))}`,
      ),
    ];
  if (sealed)
    return [
      state(
        'vault-sealed',
        'sealed: true',
        `whoever holds its keys unseals it: ${inWords(vault('operator unseal'))}; no auth config needs rewriting`,
      ),
    ];
  return [];
};

/** Where no address was given nothing was tried, so nothing is blamed. */
function isAnswer({ code }: Problem): boolean {
  return isCause(code) || code === 'timeout';
}

function fromProblem({ code, subject, message, fix = [], evidence = [] }: Problem, address: string): Suspected {
  return {
    cause: isCause(code) ? code : 'vault-unreachable',
    certainty: 'certain',
    stage: 'vault',
    subject: subject === '' ? address : subject,
    evidence: [{ experiment: 'vault-health', said: message }, ...evidence],
    fix,
  };
}

/** The operator's own token; only when Vault refuses it outright, since a narrow token is no fault. */
export const operatorCauses: Family = ({ vault: { operator }, address }) => {
  if (operator.known || operator.because?.code !== 'operator-token-invalid') return [];
  return operator.because.problems.map((problem) => ({ ...fromProblem(problem, address), stage: 'operator' as const }));
};
