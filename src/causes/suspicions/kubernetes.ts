import type { CauseId } from '../../codes.ts';
import type { Problem } from '../../errors.ts';
import type { Examination } from '../../facts/examination.ts';
import { bareRefusal } from '../../facts/refusal.ts';
import type { Certainty, Family } from '../cause.ts';

/**
 * The operator's own way to the cluster. What is refused to the operator is no reason why a workload's login fails, so
 * a right that is missing is only an unknown, and a cluster that is not reached from here may still be reached from Vault.
 */
export const kubernetesCauses: Family = (x) => {
  const {
    cluster: { version },
    kubeconfig,
  } = x;
  if (version.known) return [];
  return version.because.problems.flatMap((problem) => {
    const [cause, certainty] = meaningOf(problem, x) ?? [];
    if (cause === undefined || certainty === undefined) return [];
    const { subject, message, fix = [], evidence = [] } = problem;
    return [
      {
        cause,
        certainty,
        subject: subject === '' ? kubeconfig.server : subject,
        evidence: [{ experiment: 'kubernetes-version', said: message }, ...evidence],
        fix,
      },
    ];
  });
};

/** Undefined: a missing right, or no kubeconfig at all, which is nobody's mistake. */
function meaningOf({ code, subject }: Problem, x: Examination): [CauseId, Certainty] | undefined {
  switch (code) {
    case 'timeout':
    case 'kubernetes-unreachable':
    case 'kubernetes-tls-untrusted':
    case 'kubernetes-not-an-api-server':
      return ['kubernetes-unreachable', fromHere(x)];
    case 'kubernetes-credentials-rejected':
    case 'kubernetes-plugin-failed':
      return ['kubernetes-credentials-rejected', 'certain'];
    case 'kubernetes-config-invalid':
      return ['kubernetes-context-missing', 'certain'];
    case 'kubernetes-context-missing':
      return subject === 'kubeconfig' ? undefined : ['kubernetes-context-missing', 'certain'];
    default:
      return undefined;
  }
}

/** What is seen from here says little of what Vault sees, and nothing once a login went through. */
function fromHere(x: Examination): Certainty {
  return x.login.known && !bareRefusal(x) ? 'possible' : 'likely';
}
