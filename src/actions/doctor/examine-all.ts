import pLimit from 'p-limit';
import type { Problem } from '../../errors.ts';
import type { Examination } from '../../facts/examination.ts';
import { type ExamineOptions, examine } from '../../facts/examine.ts';
import { lookForDrift } from '../../facts/looks/drift.ts';
import type { Patient } from '../../facts/patient.ts';
import { wantsReason } from '../../facts/refusal.ts';
import { steps } from '../../steps/index.ts';
import type { OpenedClients } from '../open.ts';

export interface ExamineAllOptions {
  /** Listen to Vault's log. */
  monitor: boolean;
  /** --cluster-host */
  clusterHost?: string;
  /** Patients at once. */
  parallel: number;
  /** Once aborted nobody else is looked at. */
  signal: AbortSignal;
}

interface Examined {
  examinations: Examination[];
  /** Mounts that were changed since tokens were shown to them. */
  changed: Problem[];
}

/**
 * Logins that are tried again to hear what Vault's log says of them. Its lines name no login, so each is tried alone; what
 * so many of one mount were refused for, the others most likely were too.
 */
const mostHeard = 10;

/**
 * Looks at all patients, asking each thing once. The first is listened to while it logs in; the others are looked at side
 * by side, and those among them that were refused listened to after that.
 */
export async function examineAll(
  [first, ...rest]: Patient[],
  clients: OpenedClients,
  { monitor, clusterHost, parallel, signal }: ExamineAllOptions,
): Promise<Examined> {
  const { observer } = clients.progress;
  const { server, ca } = clients.reading.kubernetes;
  const kubeconfig = { server, ca };
  const lab = clients.newLaboratory();
  const look = async (patient: Patient, ear: ExamineOptions['ear']): Promise<Examination[]> => {
    if (signal.aborted) return [];
    return [await examine(patient, lab, { address: clients.address, kubeconfig, ear })];
  };
  const told = async (patient: Patient, ear: ExamineOptions['ear']) => {
    const looked = await look(patient, ear);
    observer({ type: 'done', phase: 'verify', subject: patient.role ?? patient.mount });
    return looked;
  };
  observer({ type: 'phase', phase: 'verify', total: rest.length + 1 });
  const examinations = first ? await told(first, { monitor }) : [];
  const limit = pLimit(parallel);
  const spared = monitor ? { monitor: false, spared: true as const } : { monitor };
  const others = (await Promise.all(rest.map((patient) => limit(() => told(patient, spared))))).flat();
  const unheard = new Set(monitor ? others.filter(wantsReason).slice(0, mostHeard) : []);
  for (const x of others) {
    const [heard = x] = unheard.has(x) ? await look(x.patient, { monitor }) : [];
    examinations.push(heard);
  }
  const changed = await lab.recheck();
  if (!first?.recipe || signal.aborted) return { examinations, changed };
  const drift: Examination['drift'] = {
    known: true,
    value: await lookForDrift(first.recipe, clients.reading, { steps, clusterHost }),
  };
  return { examinations: examinations.map((x) => ({ ...x, drift })), changed };
}
