import { type Finding, finding, findingOf } from '../model/report.ts';
import type { VaultReader } from '../vault/api.ts';
import type { Applied } from './apply.ts';
import type { Plan, Planned } from './plan.ts';

/** Warnings of Vault's answers so far, each once. */
export function serverWarnings(vault: VaultReader): Finding[] {
  const told = new Map(vault.takeWarnings().map((warning) => [`${warning.path} ${warning.text}`, warning]));
  return [...told.values()].map(({ path, text }) =>
    finding({ code: 'server-warning', subject: path, status: 'warning', message: `Vault warns: ${text}` }),
  );
}

/** A plan in findings: one an object of the chosen steps, warnings and what is left alone beside them. */
export function planFindings({ planned, others }: Plan): Finding[] {
  return [...planned.filter(({ chosen }) => chosen).flatMap(planFinding), ...leftAlone(others)];
}

function planFinding(planned: Planned): Finding[] {
  const { decision } = planned;
  const base = baseOf(planned);
  switch (decision.action) {
    case 'none':
      return [
        ...(decision.warnings ?? []).map((problem) => ({ ...findingOf(problem, 'warning', base.step), at: base.at })),
        ...(decision.warnings
          ? []
          : [
              finding({
                ...base,
                status: 'ok',
                code: decision.because?.code ?? 'in-place',
                message: decision.because?.message ?? 'in place',
              }),
            ]),
      ];
    case 'create':
      return [
        finding({ ...base, status: 'pending', code: 'to-create', message: 'to create', fields: decision.fields }),
      ];
    case 'update': {
      const message = decision.note ? `to update: ${decision.note}` : 'to update';
      return [finding({ ...base, status: 'pending', code: 'to-update', message, fields: decision.fields })];
    }
    case 'blocked':
      return [
        finding({ ...base, status: 'blocked', code: decision.code, message: decision.reason, fix: decision.fix }),
      ];
    case 'skipped':
      return [
        finding({ ...base, status: 'skipped', code: 'need-missing', message: `${decision.need} is not in place` }),
      ];
    case 'later':
      return [
        finding({ ...base, status: 'skipped', code: 'need-missing', message: `after apply of ${decision.need}` }),
      ];
    case 'unreadable':
      return decision.error.problems.map((problem) => ({ ...findingOf(problem, 'failed', base.step), at: base.at }));
  }
}

/** What a step says of objects beside ours is for somebody to look at; where it has no way to mend it, it is only told. */
function leftAlone(others: Plan['others']): Finding[] {
  return others.map(({ step, problem }) => findingOf(problem, problem.fix ? 'warning' : 'skipped', step));
}

/** What apply did, in findings. */
export function applyFindings(applied: Applied[], others: Plan['others']): Finding[] {
  return [...applied.flatMap(applyFinding), ...leftAlone(others)];
}

function applyFinding({ planned, outcome }: Applied): Finding[] {
  const base = baseOf(planned);
  const { decision } = planned;
  const fields = decision.action === 'create' || decision.action === 'update' ? decision.fields : [];
  switch (outcome.result) {
    case 'as-planned':
      return planFinding(planned);
    case 'created':
    case 'updated': {
      const { result, milliseconds } = outcome;
      const note = decision.action === 'update' && decision.note ? `${result}: ${decision.note}` : result;
      return [finding({ ...base, status: result, code: result, message: note, fields, milliseconds })];
    }
    case 'theirs': {
      const message = 'somebody else made it since it was planned, and it was left as they have it';
      return [finding({ ...base, status: 'ok', code: 'in-place', message })];
    }
    case 'looked':
      return [finding({ ...base, status: 'ok', code: 'in-place', message: outcome.message ?? 'in place' })];
    case 'failed':
      return outcome.error.problems.map((problem) => ({ ...findingOf(problem, 'failed', base.step), at: base.at }));
    case 'not-reached':
      return [finding({ ...base, status: 'skipped', code: 'not-reached', message: 'not reached' })];
  }
}

function baseOf({ step, resource, exists, milliseconds }: Planned) {
  const adopted = exists && step.writes;
  return { step: step.name, subject: resource.address, at: resource.at ?? null, adopted, milliseconds };
}
