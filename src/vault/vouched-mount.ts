/**
 * An auth method of which it is known whom it shows tokens to: Vault passes the token of a login on to the
 * kubernetes_host in the mount's config, which its admin chose. Only the gate of proof/vouched-mount.ts makes one (a law
 * test holds that), and no login can be sent without one.
 */
export class VouchedMount {
  readonly #path: string;

  /** @param path Mount path without `auth/`. */
  constructor(path: string) {
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }
}
