import { type Command, Option } from 'commander';
import { names, wantedReports } from '../../actions/reports/wanted-reports.ts';
import type { ReportRequest } from '../../actions/requests.ts';
import { InputError } from '../../errors.ts';
import type { Io } from '../../model/io.ts';
import { groups } from '../help/layout.ts';
import { repeated } from '../repeated.ts';

/** Adds `--report`; all that is wrong with it is said before the command does anything. */
export function reportOption(command: Command, io: Io): Command {
  return command
    .addOption(
      new Option(
        '--report <kind=path>',
        `write a report for a pipeline, whatever the exit code (${names.join(', ')}); path - is stdout; repeatable`,
      )
        .default([], 'none')
        .argParser(repeated)
        .helpGroup(groups.output),
    )
    .hook('preAction', async (_program, called) => {
      const { problems } = await wantedReports(io, called.opts<ReportRequest>());
      InputError.throwAny(problems);
    });
}
