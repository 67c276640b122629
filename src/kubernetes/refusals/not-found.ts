import type { Problem } from '../../errors.ts';
import { kubectl } from '../../model/commands.ts';
import type { ApiStatus } from '../answers/schemas.ts';
import type { AskedOfCluster } from './resource-path.ts';

/** A 404 that is more than "no such object": something the object stands on is missing. */
export function notFound(what: AskedOfCluster, body: ApiStatus | undefined, said: string): Problem {
  const { kind, name } = body?.details ?? {};
  if (kind === 'namespaces') {
    return {
      code: 'namespace-missing',
      subject: `Namespace ${name}`,
      message: `the Kubernetes namespace ${name} does not exist, so ${what.subject} cannot be made in it`,
      fix: [
        {
          why: 'vaultbind makes no namespaces: make it, or correct its name.',
          command: kubectl('create namespace', [name ?? 'NAME']),
        },
      ],
    };
  }
  if (kind === 'serviceaccounts') {
    return {
      code: 'service-account-missing',
      subject: `ServiceAccount ${what.namespace}/${name}`,
      message: `the ServiceAccount ${what.namespace}/${name} does not exist`,
      fix: [
        {
          why: 'Make it, or correct its name.',
          command: kubectl('create serviceaccount', [name ?? 'NAME'], { namespace: what.namespace }),
        },
      ],
    };
  }
  return {
    code: 'kubernetes-error',
    subject: what.subject,
    message: `${what.subject}: ${said}`,
    fix: [{ why: 'See which API groups this server has.', command: kubectl('api-versions') }],
  };
}
