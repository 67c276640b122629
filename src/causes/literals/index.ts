import type { CauseId } from '../../codes.ts';
import type { Fix } from '../../errors.ts';
import type { Examination } from '../../facts/examination.ts';
import { cluster } from './cluster.ts';
import { kubernetes } from './kubernetes.ts';
import type { CauseLiteral } from './literal.ts';
import { loginToken } from './login-token.ts';
import { mount } from './mount.ts';
import { policy } from './policy.ts';
import { reviewer } from './reviewer.ts';
import { vaultCatalogue } from './vault.ts';

/**
 * Every cause, one literal each: adding one is a literal in its family's file, its title in codes.ts, and where it is
 * suspected. A cause of codes.ts without a literal does not compile.
 */
export const literals: Record<CauseId, CauseLiteral> = {
  ...vaultCatalogue,
  ...mount,
  ...reviewer,
  ...loginToken,
  ...cluster,
  ...policy,
  ...kubernetes,
};

const ids = Object.keys(literals) as CauseId[];

/** The ways out of this case that the cause itself knows. */
export const fixesOf = (cause: CauseId, x: Examination): Fix[] => literals[cause].fix?.(x) ?? [];

/** What a line of Vault's log means; the first of the literals that takes it. */
export const meaningOf = (line: string): CauseId | undefined =>
  ids.find((cause) => literals[cause].logLine?.test(line) === true);
