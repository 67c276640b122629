import { readFile } from 'node:fs/promises';
import { Secret } from '../../secret.ts';
import type { Credential, CredentialSource } from './credentials.ts';

/** Half of the time in which a kubelet renews a projected token before the old one ends. */
const freshFor = 60_000;

/**
 * A bearer token kept in a file that something else renews. While the file can be read it wins over `otherwise`.
 * @param unreadable makes the error when there is no token at all.
 */
export function tokenFileCredentials(
  description: string,
  path: string,
  options: { otherwise?: Secret; certificate?: Credential; unreadable: (why: string) => Error },
): CredentialSource {
  let known: Credential | undefined;
  let readAt = 0;

  async function read(): Promise<Credential> {
    const token = await tokenIn(path).catch((error: unknown) => {
      if (known?.token) return known.token;
      if (options.otherwise) return options.otherwise;
      throw options.unreadable((error as NodeJS.ErrnoException).code ?? (error as Error).message);
    });
    if (known?.token?.reveal() !== token.reveal()) known = { ...options.certificate, token };
    readAt = Date.now();
    return known as Credential;
  }

  return {
    description,
    current: async () => (known && Date.now() - readAt < freshFor ? known : read()),
    renew: async (rejected) => {
      const next = await read();
      return next.token?.reveal() === rejected.token?.reveal() ? undefined : next;
    },
  };
}

async function tokenIn(path: string): Promise<Secret> {
  const text = (await readFile(path, 'utf8')).trim();
  if (text === '') throw new Error('it is empty');
  return new Secret(text);
}
