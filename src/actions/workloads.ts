import { accountText } from '../model/account.ts';
import { authAddress, roleAddress } from '../model/addresses.ts';
import type { Io } from '../model/io.ts';
import type { Report } from '../model/report.ts';
import { fitted } from '../output/layout/fit.ts';
import { styleOf } from '../output/layout/paint.ts';
import { plain } from '../output/layout/plain.ts';
import type { Workload } from '../output/manifests/workload.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** One for each role that names an account; a pattern names none. */
export function workloadsOf({ auth, roles }: Recipe, vault: Workload['vault']): Workload[] {
  return roles.flatMap(({ name, service_accounts: [account], audience }) =>
    account ? [{ account, role: name, mount: auth.path, audience, vault }] : [],
  );
}

/** To a person, of roles that this run has made: what their Pods log in with. */
export function tellPods(io: Io, { findings }: Report, { auth, roles }: Recipe): void {
  const made = new Set(findings.flatMap(({ status, subject }) => (status === 'created' ? [subject] : [])));
  const [first, ...more] = roles.filter(({ name }) => made.has(roleAddress(auth.path, name)));
  const [account] = first?.service_accounts ?? [];
  if (!first || !account || io.stderr.isTTY !== true) return;
  const { name, audience } = first;
  const token = audience === undefined ? 'the token they have' : `a projected token for the audience ${audience}`;
  const others = more.length === 0 ? '' : `, and those of ${more.length} more roles likewise`;
  const where = `${authAddress(auth.path)} as ${name}`;
  const said = plain(`Pods of ${accountText(account)} log in at ${where} with ${token}${others}`);
  io.stderr.write(`${fitted(said, styleOf(io.env, io.stderr, false), [])}\n`);
}
