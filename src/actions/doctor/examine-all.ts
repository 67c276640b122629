import type { Examination } from '../../doctor/examination.ts';
import { examine } from '../../doctor/examine.ts';
import { lookForDrift } from '../../doctor/looks/drift.ts';
import type { Patient } from '../../doctor/patient.ts';
import type { Problem } from '../../errors.ts';
import { steps } from '../../steps/index.ts';
import type { OpenedClients } from '../open.ts';

export interface ExamineAllOptions {
  /** Listen to Vault's log. */
  monitor: boolean;
  /** --cluster-host */
  clusterHost?: string;
  /** Once aborted nobody else is looked at. */
  signal: AbortSignal;
}

interface Examined {
  examinations: Examination[];
  /** Mounts that were changed since tokens were shown to them. */
  changed: Problem[];
}

/** Looks at one patient after the other, asking each thing once. */
export async function examineAll(
  patients: Patient[],
  clients: OpenedClients,
  { monitor, clusterHost, signal }: ExamineAllOptions,
): Promise<Examined> {
  const { observer } = clients.progress;
  const { server, ca } = clients.reading.kubernetes;
  const kubeconfig = { server, ca };
  const lab = clients.newLaboratory();
  observer({ type: 'phase', phase: 'verify', total: patients.length });
  const examinations: Examination[] = [];
  for (const patient of patients) {
    if (signal.aborted) break;
    const started = performance.now();
    const x = await examine(patient, lab, { address: clients.address, kubeconfig, monitor });
    examinations.push({ ...x, milliseconds: performance.now() - started });
    observer({ type: 'done', phase: 'verify', subject: patient.role ?? patient.mount });
  }
  const recipe = patients[0]?.recipe;
  const changed = await lab.recheck();
  if (!recipe || signal.aborted) return { examinations, changed };
  const drift = await lookForDrift(recipe, clients.reading, { steps, clusterHost });
  return { examinations: examinations.map((x) => ({ ...x, drift })), changed };
}
