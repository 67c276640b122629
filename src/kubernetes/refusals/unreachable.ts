import { type Fix, InterruptedError, type Problem, SystemError, type VaultbindError } from '../../errors.ts';
import type { TransportError } from '../../http/transport.ts';
import { call, kubectl } from '../../model/commands.ts';
import { inWords } from '../../model/printed.ts';
import type { KubernetesConnection } from '../connection.ts';
import { untrusted } from './untrusted.ts';

/** No answer came: why, with what the server shows when it is its certificate. */
export async function noClusterAnswer(
  connection: KubernetesConnection,
  error: TransportError,
): Promise<VaultbindError> {
  const { server } = connection;
  if (error.kind === 'aborted') {
    return new InterruptedError({
      code: 'interrupted',
      subject: server,
      message: `interrupted while asking ${server}`,
    });
  }
  if (error.kind === 'tls') return new SystemError(await untrusted(connection, error));
  return new SystemError(plainProblem(connection, error));
}

function plainProblem({ server, origin, proxy }: KubernetesConnection, error: TransportError): Problem {
  const correct: Fix = {
    why: `Check the cluster's server in ${origin}, and whether it runs: ${inWords(kubectl('cluster-info'))}`,
  };
  const say = (code: Problem['code'], message: string, fix = correct): Problem => ({
    code,
    subject: server,
    message,
    fix: [fix],
  });
  switch (error.kind) {
    case 'timeout':
      return say('timeout', `the API server ${server} gave no answer: ${error.detail}`, {
        why: 'Check network, VPN and firewall on the way to it; --timeout gives it longer.',
        command: call('curl', '--insecure', '--max-time', '10', `${server}/version`),
      });
    case 'too-large':
      return {
        code: 'kubernetes-answer-odd',
        subject: server,
        message: `an answer of ${server} is none of an API server's: ${error.detail}; nothing was concluded from it`,
        fix: [{ why: 'Look for what answers in place of the API server.' }],
      };
    case 'scheme':
      return say(
        'kubernetes-not-an-api-server',
        `what answers at ${server} does not speak TLS as an API server does: ${error.detail}`,
      );
    case 'proxy':
      return say(
        'kubernetes-unreachable',
        `the proxy on the way to ${server} does not let us through: ${error.detail}`,
        {
          why:
            proxy === 'environment'
              ? 'Correct HTTPS_PROXY, or add the host to NO_PROXY.'
              : `Correct proxy-url in ${origin}.`,
          command: kubectl('cluster-info'),
        },
      );
    default:
      return say('kubernetes-unreachable', `the API server ${server} does not answer: ${error.detail}`);
  }
}
