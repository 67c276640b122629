import type { Command } from '../../command.ts';
import type { Session } from '../../contracts/clients.ts';
import type { Target } from '../../contracts/target.ts';
import { type Fix, type Problem, SystemError } from '../../errors.ts';
import type { Access } from '../../model/rights.ts';
import type { Planned } from '../plan.ts';
import { missingInKubernetes } from './kubernetes.ts';
import { missingInVault } from './vault.ts';

/**
 * Asks both systems, before the first write, whether the operator may do all that will be written. Where nobody may
 * ask, the writes themselves will tell. Errors: SystemError with every right that is missing.
 *
 * @param work what will be written
 * @param permissions the command that prints all rights, for the fix
 */
export async function checkRights(
  work: Planned[],
  session: Session,
  target: Target,
  permissions: Command,
): Promise<void> {
  const needed = neededFor(work, target);
  const of = <S extends Access['system']>(system: S) =>
    needed.filter((one): one is Extract<Access, { system: S }> => one.system === system);
  const [vault, kubernetes] = await Promise.all([
    missingInVault(of('vault'), session.vault),
    missingInKubernetes(of('kubernetes'), session.kubernetes),
  ]);
  const whole: Fix = {
    why: 'see all rights that this recipe takes, as files in the folder rights',
    command: permissions,
  };
  const missing = [...vault, ...kubernetes];
  SystemError.throwAny(
    missing.map(
      (problem, index): Problem =>
        index < missing.length - 1 ? problem : { ...problem, fix: [...(problem.fix ?? []), whole] },
    ),
  );
}

function neededFor(work: Planned[], target: Target): Access[] {
  const written = new Map(work.map(({ resource, exists }) => [resource.address, exists ? 'update' : 'create']));
  return [...new Set(work.map(({ step }) => step))]
    .flatMap((step) => step.access(target))
    .filter(({ of, when, phase }) => {
      const how = of === undefined ? undefined : written.get(of);
      return phase === 'apply' && how !== undefined && (when === undefined || when === how);
    });
}
