import { join } from 'node:path';
import type { KubernetesFiles } from './kubernetes-files.ts';

export interface KubernetesPorts {
  apiServer: number;
  etcd: number;
  etcdPeer: number;
}

/** All on loopback. Losing the last second of data in a crash of the machine is worth not waiting for the disk. */
export function etcdArguments(files: KubernetesFiles, ports: KubernetesPorts): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    '--name=sandbox',
    `--data-dir=${join(files.folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=sandbox=${peer}`,
    '--unsafe-no-fsync',
  ];
}

export function apiServerArguments(files: KubernetesFiles, ports: KubernetesPorts, further: string[]): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${ports.apiServer}`,
    `--tls-cert-file=${files.certificateFile}`,
    `--tls-private-key-file=${files.keyFile}`,
    `--client-ca-file=${files.caFile}`,
    `--cert-dir=${files.folder}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${files.serviceAccountPublicKeyFile}`,
    `--service-account-signing-key-file=${files.serviceAccountKeyFile}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--authorization-mode=RBAC',
    '--endpoint-reconciler-type=none',
    ...further,
  ];
}

export function controllerManagerArguments(files: KubernetesFiles, kubeconfig: string): string[] {
  const controllers = [
    'serviceaccount-token-controller',
    'serviceaccount-controller',
    'root-ca-certificate-publisher-controller',
    'namespace-controller',
  ];
  return [
    `--kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${files.serviceAccountKeyFile}`,
    `--root-ca-file=${files.caFile}`,
    '--use-service-account-credentials',
    '--leader-elect=false',
    // It would listen on a fixed port, and beyond loopback.
    '--secure-port=0',
    `--controllers=${controllers.join(',')}`,
  ];
}
