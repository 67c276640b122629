import { type Clients, openClients } from '../../engine/connect.ts';
import { InputError } from '../../errors.ts';
import { listContexts } from '../../kubernetes/kubeconfig/contexts.ts';
import { asInputError } from '../../model/error-values.ts';
import type { Io } from '../../model/io.ts';
import type { OperatorLogins } from '../../operator/login/logins.ts';
import { version } from '../../version.ts';
import type { VaultWhere, Ways } from '../../wizard/connections.ts';
import { kubernetesConnection, vaultConnection } from '../connections.ts';
import { tryLogIn } from '../login/log-in.ts';
import type { ConnectRequest } from '../requests.ts';
import { loginsOf } from './login-methods.ts';

export interface OpenedWays extends Ways {
  close(): Promise<void>;
}

const userAgent = `vaultbind/${version} (init)`;
const notThere = new InputError({ code: 'usage', subject: '', message: 'only the other system is asked here' });

/** Connects for the wizard, one system at a time. */
export function waysOf(io: Io, options: ConnectRequest & { logins: OperatorLogins }): OpenedWays {
  const opened: Clients[] = [];
  const { parallel } = options;
  let { kubeconfig } = options;
  const connectionTo = (context: string | undefined) =>
    kubernetesConnection(io, undefined, { ...options, kubeconfig, ...(context === undefined ? {} : { context }) });
  const open = async (one: Pick<Parameters<typeof openClients>[0], 'vault' | 'kubernetes'>, timeout: number) => {
    const clients = await openClients({ ...one, userAgent, parallel, timeout, work: io.work });
    opened.push(clients);
    return clients;
  };
  return {
    vault: async (where) => {
      const lenient = { tokenless: true, loginless: true };
      const found = await vaultConnection(io, undefined, optionsAt(options, where), lenient);
      const vault = await tryLogIn(io, options.logins, found, { userAgent, parallel, work: io.work });
      const { probing, browser } = await open({ vault, kubernetes: notThere }, vault.timeout);
      const { address, namespace, tokenFrom, noToken } = vault;
      const { differing = [] } = found;
      return { address, namespace, tokenFrom, ...(noToken && { noToken }), differing, reader: probing.vault, browser };
    },
    logins: () => loginsOf({ flags: options.loginFlags ?? {}, env: io.env }),
    noCluster: async (file) => {
      kubeconfig = file ?? kubeconfig;
      const [connection, { all }] = await Promise.all([
        connectionTo(undefined).catch(asInputError),
        listContexts(io.env, kubeconfig, io.cwd),
      ]);
      return connection instanceof InputError && all.length === 0 ? connection : undefined;
    },
    contexts: async () => {
      const found = await listContexts(io.env, kubeconfig, io.cwd);
      return options.context === undefined ? found : { ...found, current: options.context };
    },
    kubernetes: async (context) => {
      const connection = await connectionTo(context).catch(asInputError);
      const { probing } = await open({ vault: notThere, kubernetes: connection }, options.timeout ?? 20_000);
      return probing.kubernetes;
    },
    close: async () => {
      await Promise.all(opened.map((clients) => clients.close()));
    },
  };
}

/** What was answered counts before what was typed on the command line. */
export function optionsAt<O extends ConnectRequest>(options: O, { address, token, login }: VaultWhere): O {
  return {
    ...options,
    ...(address && { vaultAddr: address }),
    ...(token && { vaultToken: token }),
    ...(login && { typedLogin: login }),
  };
}
