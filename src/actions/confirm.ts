import { planFindings } from '../engine/findings.ts';
import type { Plan, Planned } from '../engine/plan.ts';
import { InputError, InterruptedError } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import { canAsk, type Io } from '../model/io.ts';
import { type Finding, report } from '../model/report.ts';
import type { Servers } from '../model/servers.ts';
import { human } from '../output/human.ts';
import { styleOf } from '../output/layout/paint.ts';
import { wordWrapped } from '../output/layout/wrap.ts';
import type { Opened } from './open.ts';
import type { WalkOptions, WalkRequest } from './walk-request.ts';

export function toWrite({ planned }: Plan, rewrite: ReadonlySet<string>): Planned[] {
  return planned.filter(
    ({ chosen, decision: { action }, resource }) =>
      chosen && (action === 'create' || action === 'update' || (action === 'none' && rewrite.has(resource.address))),
  );
}

/** An error when writing needs a yes and there is nobody to ask. */
export function nobodyToAsk(
  io: Io,
  { yes, file }: WalkOptions,
  { command, typed }: Pick<WalkRequest, 'command' | 'typed'>,
): InputError | undefined {
  return yes || canAsk(io) ? undefined : confirmationNeeded(command, file, typed);
}

/** False: nobody was to be asked. Errors: InterruptedError when the answer is no. */
export async function confirm(
  io: Io,
  options: WalkOptions,
  { recipe, servers, progress }: Opened,
  planned: Plan,
  { command, rewrite }: WalkRequest,
): Promise<boolean> {
  if (options.yes) return false;
  progress.clear();
  const style = { ...styleOf(io.env, io.stderr, options.verbose > 0), full: options.full === true };
  io.stderr.write(
    human(report({ command, recipe, servers, findings: planFindings(planned).map(asRewrite(rewrite)) }), style),
  );
  const { askToApply } = await import('../wizard/confirm.ts');
  if (
    await askToApply(io, wordWrapped(questionOf(command, toWrite(planned, rewrite), servers), style.width - besideIt))
  )
    return true;
  throw new InterruptedError({ code: 'declined', subject: '', message: 'nothing was written' });
}

/** Columns of the mark before the question and of `(y/N)` after it. */
const besideIt = 10;

/** Names every server that will be written to. */
export function questionOf(command: string, work: Planned[], { vault, cluster }: Servers): string {
  const written = (system: 'vault' | 'kubernetes') => work.some(({ resource }) => resource.system === system);
  const places = [
    ...(vault && written('vault')
      ? [`${vault.address}${vault.namespace && `, Vault namespace ${vault.namespace}`}`]
      : []),
    ...(cluster && written('kubernetes')
      ? [cluster.context === '' ? cluster.server : `cluster ${cluster.context} (${cluster.server})`]
      : []),
  ];
  const what = work.length === 1 ? '1 change' : `${work.length} changes`;
  return `Apply ${what} to ${places.join(' and ')}${command === 'apply' ? '' : ` (${command})`}?`;
}

/** The plan shows no difference where one is written all the same. */
function asRewrite(rewrite: ReadonlySet<string>): (one: Finding) => Finding {
  const said = { status: 'pending', code: 'to-update', message: 'to write again, although it looks equal' } as const;
  return (one) => (one.status === 'ok' && rewrite.has(one.subject) ? { ...one, ...said } : one);
}

function confirmationNeeded(command: string, files: string[], typed: string | undefined): InputError {
  const f = files.length === 0 ? ['RECIPE'] : files;
  return new InputError({
    code: 'confirmation-needed',
    subject: command,
    message: 'there is no terminal to ask in, and --yes was not given; nothing was contacted',
    fix: [
      { why: 'look first', command: vaultbind('plan', { f }) },
      {
        why: 'then say yes on the command line',
        command: vaultbind(
          command,
          { f: typed === undefined ? f : undefined, yes: true },
          ...(typed === undefined ? [] : [typed]),
        ),
      },
    ],
  });
}
