import { AfterLoginError } from '../../errors.ts';
import { type IfAsked, known } from '../../facts/examination.ts';
import { bareRefusal } from '../../facts/refusal.ts';
import { configAddress } from '../../model/addresses.ts';
import type { Family, Suspected } from '../cause.ts';
import { fixesOf } from '../literals/index.ts';

/** What drops packets is seen by the time it takes: Vault answers all else at once, and the login not within its deadline. */
export const silenceCauses: Family = (x) => {
  if (!x.vault.health.known) return [];
  const host = String(known(x.mount.config)?.['kubernetes_host'] ?? 'the API server');
  const vaultWaits = ranOut(x.login) && x.cluster.version.known;
  const weWait = ranOut(x.host.configured);
  const answersUs = known(x.host.configured)?.status === 'ok';
  if (!vaultWaits && !weWait) return [];
  const seen = [
    ...(vaultWaits ? [{ experiment: 'observed-login', said: `${waited(x.login)}: Vault waits for ${host}` }] : []),
    ...(weWait ? [{ experiment: 'api-handshake', said: `${host}: ${waited(x.host.configured)}` }] : []),
  ];
  return [
    {
      cause: 'host-unreachable',
      certainty: (vaultWaits && !answersUs) || bareRefusal(x) ? 'likely' : 'possible',
      subject: configAddress(x.patient.mount),
      evidence: seen,
      fix: fixesOf('host-unreachable', x),
    } satisfies Suspected,
  ];
};

/** The experiment's own deadline, or that of the request in it; but none of those that came after the login. */
function ranOut(fact: IfAsked<unknown>): boolean {
  return (
    !fact.known &&
    !(fact.because instanceof AfterLoginError) &&
    ['timeout', 'vault-unreachable'].some((one) => one === fact.because?.code)
  );
}

function waited(fact: IfAsked<unknown>): string {
  return fact.known ? '' : (fact.because?.message ?? '');
}
