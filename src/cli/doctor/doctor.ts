import { Command, Option } from 'commander';
import { type PatientFlags, patientsFor, withMount } from '../../actions/doctor/choose-patients.ts';
import { examineAll } from '../../actions/doctor/examine-all.ts';
import { probeIfWanted } from '../../actions/doctor/probe.ts';
import { mayNotRepair, repair } from '../../actions/doctor/repair.ts';
import { doctorReport } from '../../actions/doctor/report.ts';
import { explainCode } from '../../actions/explain.ts';
import { asInputError, joined } from '../../actions/input-errors.ts';
import { withLogins } from '../../actions/login/log-in.ts';
import { readRecipes, withWhatThereIs } from '../../actions/open.ts';
import { show } from '../../actions/show.ts';
import type { Patient } from '../../doctor/patient.ts';
import { couldNotLook } from '../../doctor/unknowns.ts';
import { serversOf } from '../../engine/servers.ts';
import { type ExitCode, InputError, strongest } from '../../errors.ts';
import type { Io } from '../../model/io.ts';
import type { Finding } from '../../model/report.ts';
import { findingOf } from '../../model/report.ts';
import type { Servers } from '../../model/servers.ts';
import type { ReadRecipe, Recipe } from '../../recipe/recipe.ts';
import type { CommandBuilder } from '../command.ts';
import { examples } from '../help/layout.ts';
import { mintFlags } from '../mint-flags.ts';
import { type ConnectOptions, connectOptions } from '../options.ts';

interface DoctorOptions extends ConnectOptions, PatientFlags {
  monitor: boolean;
  explain?: string;
  fix?: boolean;
  yes?: boolean;
  probe?: boolean;
}

type LookOptions = DoctorOptions & { timeout: number };

/** Milliseconds. Somebody waits for the answer, and a host that drops packets would make it minutes. */
const defaultTimeout = 10_000;

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
        .argParser((value: string, before: string[]) => [...before, value]),
    )
    .option('--audience <name>', "what the application's token is for (default: what the role wants)")
    .option('--jwt-file <file>', 'a token somebody has, instead of a fresh one; never printed')
    .option('--fix', 'write what the recipe decides, and look again until nothing is found; asks first')
    .option('-y, --yes', 'do not ask; needed for --fix without a terminal')
    .option(
      '--probe',
      'after a refusal without a reason, log in at scratch mounts that differ in one field; removed again',
    )
    .option('--reviewer <ns/name>', 'a good token reviewer for --probe, when there is no recipe')
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
    .action(action((options: DoctorOptions) => runDoctor(io, options)));

async function runDoctor(io: Io, given: DoctorOptions): Promise<ExitCode> {
  if (given.explain !== undefined) return await explainCode(io, given.explain, { ...given, command: 'doctor' });
  // One login for all its looks: a wrapping token is good once.
  return await withLogins({ ...given, timeout: given.timeout ?? defaultTimeout }, (options) =>
    lookAndRepair(io, options),
  );
}

async function lookAndRepair(io: Io, options: LookOptions): Promise<ExitCode> {
  const read = await recipeFor(io, options);
  const recipe = read?.recipe;
  const patients = await patientsFor(io, options, recipe);
  const tidied: Finding[] = [];
  let servers: Servers | undefined;
  const look = async () => {
    const looked = await lookOnce(io, options, patients, recipe);
    tidied.push(...looked.tidied);
    servers = looked.servers;
    return looked.examinations;
  };
  const { examinations, written, exit } =
    options.fix && read
      ? await repair(io, options, read, look)
      : { examinations: await look(), written: [], exit: 0 as const };
  const told = await show(io, { ...doctorReport(examinations, recipe, [...tidied, ...written]), ...servers }, options);
  return strongest(told, exit, told === 0 && examinations.some(couldNotLook) ? 4 : 0);
}

/** Errors: InputError with all that is wrong with the recipe, and with what --fix needs. */
async function recipeFor(io: Io, options: LookOptions): Promise<ReadRecipe | undefined> {
  const read = options.file.length > 0 ? await readRecipes(io, options).catch(asInputError) : undefined;
  const unread = read instanceof InputError ? read : undefined;
  const wrong = joined([unread, ...(options.fix ? mayNotRepair(io, options) : [])]);
  if (wrong) throw wrong;
  return read instanceof InputError ? undefined : read;
}

async function lookOnce(io: Io, options: LookOptions, asked: Patient[], recipe: Recipe | undefined) {
  return await withWhatThereIs(io, options, recipe, async (clients) => {
    const patients = await Promise.all(asked.map((patient) => withMount(io, patient, clients)));
    const [servers, { examinations, changed }] = await Promise.all([
      serversOf(clients.reading),
      examineAll(patients, clients, { ...options, signal: io.signal }),
    ]);
    const removed = await probeIfWanted(io, clients, examinations, options.probe === true);
    clients.progress.clear();
    return { examinations, servers, tidied: [...removed, ...changed.map((problem) => findingOf(problem, 'failed'))] };
  });
}
