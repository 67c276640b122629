import { join } from 'node:path';
import { SystemError } from '../../errors.ts';
import { readCa } from '../../trust/read-ca.ts';
import type { SandboxContext } from '../options.ts';
import { type AskServer, asking } from '../processes/ask.ts';
import { writePrivate } from '../processes/folder.ts';
import { onOwnPorts } from '../processes/ports.ts';
import { endServer, killServer, startProcess, untilReady } from '../processes/process.ts';
import type { ServerProcess } from '../processes/server-process.ts';
import { findPrograms } from '../programs/find.ts';
import { kubernetesPrograms, type ProgramName } from '../programs/programs.ts';
import type { Authority, Certificate } from './certificates.ts';
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  type KubernetesPorts,
} from './kubernetes-commands.ts';
import { type KubernetesFiles, kubeconfig, writeKubernetesFiles } from './kubernetes-files.ts';

export interface KubernetesOptions {
  /** Certificates, keys, kubeconfig, logs, etcd's data; made when missing. */
  folder: string;
  /** Further arguments of kube-apiserver; of a flag given twice it takes the last. */
  apiServerArguments?: string[];
}

export type ControlPlanePart = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

export interface KubernetesServer {
  /** https://127.0.0.1:port */
  server: string;
  /** Path of a kubeconfig whose user is in system:masters, by client certificate. */
  kubeconfig: string;
  caFile: string;
  /** PEM of the cluster's CA. */
  ca: string;
  /** Issues further client (and server) certificates, also expired ones. */
  authority: Authority;
  /** The client certificate of the kubeconfig. */
  admin: Certificate;
  /** gitVersion, e.g. v1.37.2. */
  version: string;
  /** Client address of etcd. */
  etcd: string;
  /** Private key (PEM) that signs ServiceAccount tokens. */
  serviceAccountKeyFile: string;
  processes(): ServerProcess[];
  /** Ends one part at once, as a crash would. */
  kill(part: ControlPlanePart): Promise<void>;
  /** Ends what still runs and starts all again: same address, same data. Arguments given replace those of the start. */
  restart(apiServerArguments?: string[]): Promise<void>;
  stop(): Promise<void>;
}

interface ControlPlane {
  files: KubernetesFiles;
  programs: Map<ProgramName, string>;
  ports: KubernetesPorts;
  context: SandboxContext;
  running: ServerProcess[];
}

export async function startKubernetes(options: KubernetesOptions, context: SandboxContext): Promise<KubernetesServer> {
  const programs = await findPrograms(kubernetesPrograms, context);
  const files = await writeKubernetesFiles(options.folder);
  return onOwnPorts('Kubernetes', 3, context, async ([apiServer = 0, etcd = 0, etcdPeer = 0]) => {
    const plane: ControlPlane = { files, programs, ports: { apiServer, etcd, etcdPeer }, context, running: [] };
    const version = await launch(plane, options.apiServerArguments ?? []);
    return describe(plane, version, options);
  });
}

function describe(plane: ControlPlane, version: string, options: KubernetesOptions): KubernetesServer {
  const { files, ports } = plane;
  return {
    server: address(plane),
    kubeconfig: join(files.folder, 'kubeconfig'),
    caFile: files.caFile,
    ca: files.authority.certificate,
    authority: files.authority,
    admin: files.admin,
    version,
    etcd: `http://127.0.0.1:${ports.etcd}`,
    serviceAccountKeyFile: files.serviceAccountKeyFile,
    processes: () => [...plane.running],
    kill: async (part) => {
      for (const process of plane.running) if (process.name === part) await killServer(process);
    },
    restart: async (further = options.apiServerArguments ?? []) => {
      await endAll(plane.running);
      await launch(plane, further);
    },
    stop: () => endAll(plane.running),
  };
}

/** The last started first: an API server that has lost its etcd takes its time to end. */
async function endAll(processes: ServerProcess[]): Promise<void> {
  for (const process of processes.toReversed()) await endServer(process);
}

/** One after the other, each waiting for the one it stands on; returns the API server's version. */
async function launch(plane: ControlPlane, further: string[]): Promise<string> {
  const { files, ports } = plane;
  plane.running = [];
  try {
    const own = await writeKubeconfigs(plane);
    const etcd = { url: `http://127.0.0.1:${ports.etcd}` };
    const admin = reach(plane, files.admin);
    await start(plane, 'etcd', etcdArguments(files, ports), () => asking(etcd, isReady));
    await start(plane, 'kube-apiserver', apiServerArguments(files, ports, further), () => asking(admin, isReady));
    const controllers = controllerManagerArguments(files, own);
    await start(plane, 'kube-controller-manager', controllers, () => asking(admin, hasDefaults));
    return await asking(admin, readVersion);
  } catch (error) {
    await endAll(plane.running);
    throw error;
  }
}

/** The admin's, and the controller manager's, whose path is returned. */
async function writeKubeconfigs(plane: ControlPlane): Promise<string> {
  const { folder, authority, admin, controllerManager } = plane.files;
  const server = address(plane);
  await writePrivate(folder, 'kubeconfig', kubeconfig(server, authority.certificate, 'admin', admin));
  const own = kubeconfig(server, authority.certificate, 'controller-manager', controllerManager);
  return await writePrivate(folder, 'controller-manager.kubeconfig', own);
}

async function start(
  plane: ControlPlane,
  name: ControlPlanePart,
  args: string[],
  ready: () => Promise<boolean>,
): Promise<void> {
  const program = plane.programs.get(name) ?? name;
  const started = await startProcess({ name, program, args, folder: plane.files.folder }, plane.context);
  plane.running.push(started);
  await untilReady(started, ready, plane.context.signal);
}

async function isReady(ask: AskServer): Promise<boolean> {
  return (await ask('GET', '/readyz')).status === 200;
}

/** What the controllers make for the namespace `default` shows that they work. */
async function hasDefaults(ask: AskServer): Promise<boolean> {
  const objects = ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'];
  const answers = await Promise.all(objects.map((each) => ask('GET', `/api/v1/namespaces/default/${each}`)));
  return answers.every((answer) => answer.status === 200);
}

async function readVersion(ask: AskServer): Promise<string> {
  const { body } = await ask('GET', '/version');
  const version = (body as { gitVersion?: string } | undefined)?.gitVersion;
  if (version !== undefined) return version;
  const message = 'the API server just started does not tell its version';
  throw new SystemError({ code: 'server-failed', subject: 'kube-apiserver', message });
}

function address(plane: ControlPlane): string {
  return `https://127.0.0.1:${plane.ports.apiServer}`;
}

function reach(plane: ControlPlane, client: Certificate) {
  const { authority } = plane.files;
  return { url: address(plane), tls: { ca: readCa(authority.certificate), cert: client.certificate, key: client.key } };
}
