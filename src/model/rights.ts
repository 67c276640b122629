/** What the operator must be allowed to do. */
export type Access = (VaultRight | KubernetesRight) & {
  phase: AccessPhase;
  /** What is lost without it. Absent: nothing works without it. */
  optional?: string;
  /** Only where the object is missing, or only where it is there and differs. Absent: both. */
  when?: 'create' | 'update';
  /** Address of the object whose writing takes it; only in phase apply. */
  of?: string;
};

/** A rule of an ACL policy. */
export interface VaultRight {
  system: 'vault';
  /** API path, literal. */
  path: string;
  capabilities: string[];
}

/** A rule of RBAC. */
export interface KubernetesRight {
  system: 'kubernetes';
  verb: string;
  /** API group, '' for core. */
  group: string;
  /** With its subresource, e.g. serviceaccounts/token. */
  resource: string;
  /** Absent: cluster scope. */
  namespace?: string;
  /** Absent: any name. */
  name?: string;
  /** Rights that do as well, all of them together. */
  instead?: KubernetesRight[];
}

export type AccessPhase = 'plan' | 'apply' | 'verify';

/** One rule, and who needs it. */
export interface Right {
  rule: VaultRight | KubernetesRight;
  /** Names of steps, `connect`, `saved-plan` or `doctor`, in their order. */
  neededBy: string[];
  /** What is lost without it; absent: the command fails without it. */
  optional?: string;
}

/** Commands whose rights can be told from a recipe. */
export const permissionCommands = ['plan', 'apply', 'verify', 'doctor'] as const;

export type PermissionCommand = (typeof permissionCommands)[number];
