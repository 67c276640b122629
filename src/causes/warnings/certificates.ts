import type { Problem } from '../../errors.ts';
import { known } from '../../facts/examination.ts';
import { configAddress } from '../../model/addresses.ts';
import { type CertificateInfo, certificates } from '../../trust/certificates.ts';
import { caIn } from '../../trust/read-ca.ts';
import { endsSoon, type Warner, warning } from './warning.ts';

/** What the API server shows, and the CA that Vault keeps to believe it. */
export const certificateWarnings: Warner = (x, now) => {
  const shown = known(x.host.configured)?.chain ?? [];
  const stored = certificatesIn(known(x.mount.config)?.['kubernetes_ca_cert']);
  const config = configAddress(x.patient.mount);
  const renew = 'renew it before that; if the CA changes, write the auth config again';
  const replace = `write ${config} again with the new CA (both, while the cluster changes from one to the other)`;
  return [
    ...expiring(shown, now, renew, 'the API server shows it, and it'),
    ...expiring(stored, now, replace, `it is the CA in ${config}, and`),
  ];
};

function expiring(chain: CertificateInfo[], now: Date, why: string, what: string): Problem[] {
  return chain
    .filter(({ to }) => endsSoon(to, now))
    .map(({ subject, to }) =>
      warning('certificate-expiring', `certificate ${subject}`, `${what} ends at ${to.toISOString()}`, why),
    );
}

/** One that is no PEM is a cause, told elsewhere. */
function certificatesIn(pem: unknown): CertificateInfo[] {
  const ca = caIn(pem);
  return ca ? certificates(ca) : [];
}
