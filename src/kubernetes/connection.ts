import type { Environment } from '../model/environment.ts';
import type { ApiHost } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import type { CredentialSource, Impersonation } from './credentials/credentials.ts';

/** Everything needed to speak to one API server as one user. Nothing has been contacted yet. */
export interface KubernetesConnection {
  server: ApiHost;
  /** Undefined: the system's roots. */
  ca?: CaBundle;
  /** '' in-cluster. */
  context: string;
  /** Where this was read, for messages: the kubeconfig files, or the pod's folder. */
  origin: string;
  /** The kubeconfig's name of the user; '' when there is none. */
  user: string;
  tls: { serverName?: string; insecure: boolean };
  /** The cluster's proxy-url; `environment`: what `env` says. */
  proxy: string;
  /** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and nothing else of the environment. */
  env: Environment;
  impersonate?: Impersonation;
  credentials: CredentialSource;
}
