/** Names of the mounts of doctor --probe; the gate lets no other pass, and no recipe may take one. */
export function isScratch(mount: string): boolean {
  return /^vaultbind-probe-[0-9a-f]{12}$/.test(mount);
}

/** Of the auth method whose config is bisected. */
export const scratchType = 'kubernetes';
