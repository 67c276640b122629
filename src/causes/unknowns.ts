import type { Problem } from '../errors.ts';
import { type Examination, type IfAsked, known } from '../facts/examination.ts';
import { acceptedOf, isRefusedRightly, ownRole, reasonOf, refusalOf, wantsReason } from '../facts/refusal.ts';
import { configAddress, loginAddress, roleAddress } from '../model/addresses.ts';
import { vault } from '../model/commands.ts';

/** What could not be looked at, and why; the answer was made of the rest. */
export function unknownsOf(x: Examination): Problem[] {
  return [...noMount(x), ...together(looks(x)), ...audienceUnknown(x), ...refusedUnexplained(x), ...notHeard(x)];
}

/** The one thing that the answer stands on was not seen: then silence is no good sign. */
export function couldNotLook(x: Examination): boolean {
  const { mount, role, jwt } = x.patient;
  // Nobody can log in as an account that is not there: that is known.
  if (role !== undefined)
    return acceptedOf(x) === undefined && !isRefusedRightly(x) && known(x.account.found)?.exists !== false;
  if (jwt) return !known(x.held)?.review;
  return mount === '' || !x.mount.found.known || !x.mount.config.known;
}

type Look = [fact: IfAsked<unknown>, what: string];

function looks(x: Examination): Look[] {
  const { mount, role } = x.patient;
  return [
    [x.vault.health, 'Vault'],
    [x.cluster.version, 'the cluster'],
    [x.vault.operator, "the operator's token"],
    [x.mount.found, `the auth method at ${mount}`],
    [x.mount.config, configAddress(mount)],
    [x.role.stored, `role ${role}`],
    [x.account.found, 'the ServiceAccount'],
    [x.login, 'the login'],
    [x.probe, 'the probe'],
    ...[...x.role.policies].map(([name, fact]): Look => [fact, `policy ${name}`]),
    ...[...x.secrets].map(([path, fact]): Look => [fact, `the secrets engine of ${path}`]),
    [x.reviewer.secret, "the reviewer's token Secret"],
    [x.reviewer.mayReview, "the reviewer's rights"],
  ];
}

/** Vaultbind itself does not make a token for it. */
const untried = ['mount-not-vouched', 'audience-not-minted'];

/** One reason may hide many facts; it is told once, with all of them. */
function together(all: Look[]): Problem[] {
  const hidden = new Map<string, { problem: Problem; what: string[] }>();
  for (const [fact, what] of all) {
    const problem = fact.known ? undefined : fact.because?.problems[0];
    if (!problem) continue;
    const before = hidden.get(problem.message);
    if (before) before.what.push(what);
    else hidden.set(problem.message, { problem, what: [what] });
  }
  return [...hidden.values()].map(({ problem, what }) => {
    const how = untried.some((code) => code === problem.code) ? 'not tried:' : 'unknown, because';
    return { ...problem, message: `${what.join(', ')}: ${how} ${problem.message}` };
  });
}

function noMount({ patient }: Examination): Problem[] {
  if (patient.mount !== '') return [];
  const message = 'the auth method: unknown, because no --mount was given and none could be found';
  return [{ code: 'usage', subject: '', message, fix: [{ why: 'name it with --mount' }] }];
}

/** Told when no cause is named: then at least what Vault said is known. */
function refusedUnexplained(x: Examination): Problem[] {
  const refusal = refusalOf(x);
  if (!refusal || isRefusedRightly(x)) return [];
  const subject = loginAddress(x.patient.mount);
  const message = `whether the login works: unknown, because it was refused for a reason that has no name here: ${refusal.status} ${refusal.said}`;
  const wait = [
    {
      why: 'wait until the quota allows it again, or ask who set it',
      command: vault('list', ['sys/quotas/rate-limit']),
    },
  ];
  return [{ code: 'login-refused', subject, message, ...(refusal.status === 429 ? { fix: wait } : {}) }];
}

/** The token that was tried was for nobody in particular, since nobody could tell what the role wants. */
function audienceUnknown(x: Examination): Problem[] {
  if (x.role.stored.known || x.patient.jwt || ownRole(x) || reasonOf(x) !== 'audience-mismatch') return [];
  const subject = roleAddress(x.patient.mount, x.patient.role);
  return [
    {
      code: 'audience-mismatch',
      subject,
      message:
        "whether the application's own token is refused: unknown, because the role wants an audience that may not be read, and the token tried was for another",
      fix: [
        { why: "say what the application's token is for with --audience, or give the token itself with --jwt-file" },
      ],
    },
  ];
}

function notHeard(x: Examination): Problem[] {
  const { login } = x;
  if (!login.known || login.value.overheard.listened || login.value.login.account === 'missing') return [];
  const { because, fix = [], spared } = login.value.overheard;
  if (spared && !wantsReason(x)) return [];
  const message = `Vault's log: not heard, because ${because}`;
  return [{ code: 'log-not-heard', subject: 'sys/monitor', message, fix }];
}
