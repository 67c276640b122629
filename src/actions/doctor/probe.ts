import { diagnose } from '../../causes/diagnose.ts';
import { InputError, VaultbindError } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { bareRefusal } from '../../facts/refusal.ts';
import { reviewerOf } from '../../facts/reviewer.ts';
import { texts } from '../../facts/texts.ts';
import { mountAddress } from '../../model/addresses.ts';
import { asReason, quietly } from '../../model/error-values.ts';
import { canAsk, type Io } from '../../model/io.ts';
import { type Finding, finding } from '../../model/report.ts';
import { type BisectSubject, bisect } from '../../proof/bisect.ts';
import { removeLeftovers, scratchRules } from '../../proof/scratch-mount.ts';
import { mountGate } from '../../proof/vouched-mount.ts';
import type { OpenedClients } from '../open.ts';

interface Probed {
  examinations: Examination[];
  /** Of earlier probes. */
  removed: Finding[];
}

/** Bisects the first login that was refused without a reason, when --probe says so or somebody at the terminal does. */
export async function probeIfWanted(
  io: Io,
  clients: OpenedClients,
  examinations: Examination[],
  wanted: boolean,
): Promise<Probed> {
  const removed = wanted ? await tidyUp(clients) : [];
  const x = examinations.find(bareRefusal);
  if (!x || io.signal.aborted || !(wanted || (await isWished(io, clients, x)))) return { examinations, removed };
  const probed = { ...x, probe: await probe(io, clients, x) };
  return { examinations: examinations.map((one) => (one === x ? probed : one)), removed };
}

async function tidyUp({ probing, scratch }: OpenedClients): Promise<Finding[]> {
  const message = 'left behind by an earlier --probe that was killed; removed';
  // Who may not look for them is told so by the probe itself.
  const removed = (await quietly(() => removeLeftovers(probing.vault, scratch, new Date()))) ?? [];
  return removed.map((mount) =>
    finding({ code: 'probe-removed', subject: mountAddress(mount), status: 'ok', message }),
  );
}

/** Asked only where nothing seen so far decides. */
async function isWished(io: Io, { progress }: OpenedClients, x: Examination): Promise<boolean> {
  const terminal = canAsk(io);
  const decided = diagnose(x).some(({ certainty, stage }) => certainty === 'certain' && stage !== 'operator');
  if (!terminal || decided) return false;
  progress.clear();
  const { askToApply } = await import('../../wizard/confirm.ts');
  return await askToApply(
    io,
    'Nothing that can be seen explains the refusal. Make a scratch mount (vaultbind-probe-…) in Vault for a few logins, to find out which of host, CA and reviewer token is at fault? It is removed again.',
  );
}

async function probe(
  io: Io,
  { probing, scratch, word, own }: OpenedClients,
  x: Examination,
): Promise<Examination['probe']> {
  const clients = { ...probing, scratch, gate: mountGate(probing, word, own) };
  // What is missing to probe with is a reason too.
  const bisected = async () => await bisect(clients, subjectOf(x), io.signal);
  const found = await bisected().catch(asReason);
  if (found instanceof VaultbindError) return { known: false, because: withRights(found) };
  return { known: true, value: found };
}

function subjectOf(x: Examination): BisectSubject {
  const config = known(x.mount.config);
  const { account: reviewer = x.patient.reviewer, secret } = reviewerOf(x);
  if (!config) throw missing('the auth config may not be read, so there is nothing to copy', 'ask for read on it');
  const { mount, role } = x.patient;
  if (!reviewer || !x.account.tried || role === undefined)
    throw missing('nobody knows a good token reviewer', 'name a recipe with -f, or the account with --reviewer');
  const { server, ca } = x.kubeconfig;
  return {
    mount,
    role,
    audience: String(known(x.role.stored)?.['audience'] ?? ''),
    config,
    cidrs: texts(known(x.role.stored)?.['token_bound_cidrs']),
    account: x.account.tried,
    reviewer,
    secret,
    // Not the recipe's host: a good reviewer token goes there, and a recipe chooses no place for credentials.
    own: { host: server, ca },
  };
}

function missing(message: string, why: string): InputError {
  return new InputError({ code: 'usage', subject: '--probe', message, fix: [{ why }] });
}

function withRights(error: VaultbindError): VaultbindError {
  const [problem] = error.problems;
  if (!problem || error.code !== 'operator-forbidden') return error;
  return new InputError({
    ...problem,
    fix: [{ why: `ask who runs Vault for this in a policy of yours: ${scratchRules.join(' ')}` }],
  });
}
