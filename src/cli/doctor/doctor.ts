import { Command, Option } from 'commander';
import { type DoctorRequest, runDoctor } from '../../actions/doctor/doctor.ts';
import type { CommandBuilder } from '../command.ts';
import { examples } from '../help/layout.ts';
import { mintFlags } from '../mint-flags.ts';
import { connectOptions } from '../options.ts';
import { repeated } from '../repeated.ts';

export const doctorCommand: CommandBuilder = ({ io, action }) =>
  mintFlags(connectOptions(new Command('doctor'), io))
    .summary('why a login does not work: cause, evidence, fix')
    .description(
      'Logs in as the workload would, looks at both systems, and names the cause with its evidence and the command that mends it. Without --fix and --probe it changes nothing; the tokens it makes are short-lived and revoked.',
    )
    .option('--mount <path>', 'auth method, when there is no recipe')
    .option('--role <name>', 'role')
    .option('--service-account <ns/name>', "the application's account (default: the first that the role binds)")
    .addOption(
      new Option('--secret <path>', 'an API path that the workload should read; repeatable')
        .default([], 'none')
        .argParser(repeated),
    )
    .option('--audience <name>', "what the application's token is for (default: what the role wants)")
    .option('--jwt-file <file>', 'a token somebody has, instead of a fresh one; never printed')
    .option('--fix', 'write what the recipe decides, and look again until nothing is found; asks first')
    .option('-y, --yes', 'do not ask; needed for --fix without a terminal')
    .option(
      '--probe',
      'after a refusal without a reason, log in at scratch mounts that differ in one field; removed again',
    )
    .option(
      '--reviewer <ns/name>',
      'the token reviewer, when there is no recipe: for --probe, and for the command that stores its token anew',
    )
    .option('--no-monitor', "do not listen to Vault's log")
    .option('--explain <code>', 'the same as vaultbind explain CODE')
    .configureHelp(
      examples(
        'vaultbind doctor -f article.yaml',
        'vaultbind doctor --mount kube-policy --role my-role --service-account default/my-sa --secret secret/data/myapp/config',
        'vaultbind doctor --mount kube-policy --role my-role --jwt-file token',
        'vaultbind doctor --jwt-file token',
        'vaultbind doctor -f article.yaml --fix',
      ),
    )
    .action(action((options: DoctorRequest) => runDoctor(io, options)));
