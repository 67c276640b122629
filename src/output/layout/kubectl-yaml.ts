/**
 * For YAML that kubectl reads, as YAML 1.1: there `no`, `on`, `1_000` and `1:30` are a truth value and numbers unless
 * they are quoted.
 */
export const readByKubectl = { compat: 'yaml-1.1' } as const;
