import { X509Certificate } from 'node:crypto';
import type { Problem } from '../../errors.ts';
import { kubectl } from '../../model/commands.ts';
import { inWords } from '../../model/printed.ts';
import { day } from '../../trust/certificates.ts';
import type { KubernetesConnection } from '../connection.ts';
import type { Credential } from '../credentials/credentials.ts';
import { claims } from '../jwt.ts';

/** The credentials were not believed: whose they are, and when they ended if they say so themselves. */
export function rejected(
  { server, credentials, origin }: KubernetesConnection,
  said: string,
  credential?: Credential,
): Problem {
  const ended = endOf(credential);
  const why = ended ? `: it ended at ${day(ended)}` : said && said !== 'Unauthorized' ? `: ${said}` : '';
  return {
    code: 'kubernetes-credentials-rejected',
    subject: server,
    message: `the API server ${server} does not accept the ${credentials.description}${why}`,
    fix: [
      {
        why: `Log in to the cluster again, or renew the credentials in ${origin}; ${inWords(kubectl('auth whoami'))} shows when they do.`,
      },
    ],
  };
}

/** A right for everybody is never what is missing. */
export function anonymous({ server, credentials, origin }: KubernetesConnection): Problem {
  return {
    code: 'kubernetes-credentials-rejected',
    subject: server,
    message: `the API server ${server} takes us for system:anonymous; sent were: ${credentials.description}`,
    fix: [
      {
        why: `Put credentials that this cluster takes into ${origin}; ${inWords(kubectl('auth whoami'))} shows when they do.`,
      },
    ],
  };
}

/** When the credential says of itself that it is over. */
function endOf(credential: Credential | undefined): Date | undefined {
  const end = credential?.token
    ? claims(credential.token)?.expires
    : credential?.cert && new Date(new X509Certificate(credential.cert).validTo);
  return end && end <= new Date() ? end : undefined;
}
