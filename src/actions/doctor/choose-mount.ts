import { type Laboratory, type Question, question } from '../../contracts/experiment.ts';
import { InputError } from '../../errors.ts';
import { asker } from '../../facts/looks/ask.ts';
import { bindingRoles } from '../../facts/looks/binding-roles.ts';
import type { Patient } from '../../facts/patient.ts';
import { claims } from '../../kubernetes/jwt.ts';
import { vaultbind } from '../../model/commands.ts';
import { canAsk, type Io } from '../../model/io.ts';
import { authMounts, impossibleLogin } from '../../proof/auth-method.ts';
import { usualAuthType } from '../../recipe/auth-types/index.ts';
import type { OpenedClients } from '../open.ts';

/**
 * Where nobody named the auth method: the only one there is, the only one of which a role binds the token's account and
 * takes its audience, the one chosen in the terminal, or the default path.
 */
export async function withMount(
  io: Io,
  patient: Patient,
  { newLaboratory }: OpenedClients,
  file = 'FILE',
): Promise<Patient> {
  if (patient.mount !== '') return patient;
  const lab = newLaboratory();
  const mounts = question(authMounts, null);
  const usual = question(impossibleLogin, usualAuthType.name);
  await Promise.all([lab.run(mounts as Question), lab.run(usual as Question)]);
  const all = lab.of(mounts);
  const kubernetes = (path: string) => all.known && all.value[path] === usualAuthType.name;
  const found = all.known ? Object.keys(all.value).filter(kubernetes).sort() : [];
  if (found.length > 1) {
    const fitting = await fittingRoles(patient, found, lab);
    const [only, ...more] = new Set(fitting.map(({ mount }) => mount));
    return {
      ...patient,
      mount: only !== undefined && more.length === 0 ? only : await choose(io, found, fitting, file),
    };
  }
  const answer = lab.of(usual);
  const usualIsThere = answer.known && /invalid role name/.test(answer.value.said);
  return { ...patient, mount: found[0] ?? (usualIsThere ? usualAuthType.name : '') };
}

interface Fitting {
  mount: string;
  role: string;
}

/** More mounts than these are not looked through. */
const mostMounts = 20;

/** Roles at any of them that would let in the token's account with its audience. */
async function fittingRoles({ jwt }: Patient, mounts: string[], lab: Laboratory): Promise<Fitting[]> {
  const { serviceAccount: account, audiences = [] } = (jwt && claims(jwt)) ?? {};
  if (!account) return [];
  const ask = asker(lab);
  const found = await Promise.all(
    mounts.slice(0, mostMounts).map(async (mount) => {
      const { binding } = await bindingRoles(ask, mount, account);
      return binding
        .filter(({ audience }) => audience === '' || audiences.includes(audience))
        .map(({ role }) => ({ mount, role }));
    }),
  );
  return found.flat();
}

async function choose(io: Io, mounts: string[], fitting: Fitting[], file: string): Promise<string> {
  const likely = [...new Set(fitting.map(({ mount }) => mount))];
  if (canAsk(io)) {
    const { askWhich } = await import('../../wizard/confirm.ts');
    const first = [...likely, ...mounts.filter((mount) => !likely.includes(mount))];
    return await askWhich(io, 'Which auth method does the application log in at?', first);
  }
  const shown = (likely.length > 0 ? likely : mounts).slice(0, 5);
  const left = mounts.length - shown.length;
  const of = likely.length > 0 ? `; roles at ${likely.join(', ')} bind the token's account and take its audience` : '';
  throw new InputError({
    code: 'usage',
    subject: '--mount',
    message: `which auth method is meant? There are ${mounts.length} of type ${usualAuthType.name}: ${mounts.join(', ')}${of}`,
    fix: [
      ...shown.map((mount) => {
        const role = fitting.find((one) => one.mount === mount)?.role;
        return { why: `if it is ${mount}`, command: vaultbind('doctor', { mount, role, 'jwt-file': file }) };
      }),
      ...(left > 0 ? [{ why: `or one of the ${left} others, in the same way` }] : []),
    ],
  });
}
