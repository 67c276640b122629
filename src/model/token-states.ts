/** What is said of the stored reviewer token, which Vault never returns. */
export const tokenStates = {
  none: '(not set)',
  unknown: '(set, unknown)',
  from: (secret: string) => `(from ${secret})`,
};
