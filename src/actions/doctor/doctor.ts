import { couldNotLook } from '../../causes/unknowns.ts';
import { serversOf } from '../../engine/servers.ts';
import { type ExitCode, InputError, strongest } from '../../errors.ts';
import type { Patient } from '../../facts/patient.ts';
import { asInputError, joinedErrors } from '../../model/error-values.ts';
import type { Io } from '../../model/io.ts';
import { type Finding, findingOf } from '../../model/report.ts';
import type { Servers } from '../../model/servers.ts';
import type { ReadRecipe, Recipe } from '../../recipe/recipe.ts';
import { explainCode } from '../explain.ts';
import { withLogins } from '../login/log-in.ts';
import { withWhatThereIs } from '../open.ts';
import { unusedWords } from '../operators-word.ts';
import { readRecipes } from '../read-recipes.ts';
import type { ConnectRequest } from '../requests.ts';
import { show } from '../show.ts';
import { withMount } from './choose-mount.ts';
import { type PatientFlags, patientsFor } from './choose-patients.ts';
import { examineAll } from './examine-all.ts';
import { probeIfWanted } from './probe.ts';
import { mayNotRepair, repair } from './repair.ts';
import { doctorReport } from './report.ts';

export interface DoctorRequest extends ConnectRequest, PatientFlags {
  monitor: boolean;
  explain?: string;
  fix?: boolean;
  yes?: boolean;
  probe?: boolean;
}

export type LookOptions = DoctorRequest & { timeout: number };

/** Milliseconds. Somebody waits for the answer, and a host that drops packets would make it minutes. */
const defaultTimeout = 10_000;

export async function runDoctor(io: Io, given: DoctorRequest): Promise<ExitCode> {
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
  let remarks: Finding[] = [];
  const look = async () => {
    const looked = await lookOnce(io, options, patients, recipe);
    tidied.push(...looked.tidied);
    ({ servers, remarks } = looked);
    return looked.examinations;
  };
  const { examinations, written, exit } =
    options.fix && read
      ? await repair(io, options, read, look)
      : { examinations: await look(), written: [], exit: 0 as const };
  const found = doctorReport(examinations, recipe, [...remarks, ...tidied, ...written]);
  const told = await show(io, { ...found, ...servers }, options);
  return strongest(told, exit, told === 0 && examinations.some(couldNotLook) ? 4 : 0);
}

/** Errors: InputError with all that is wrong with the recipe, and with what --fix needs. */
async function recipeFor(io: Io, options: LookOptions): Promise<ReadRecipe | undefined> {
  const read = options.file.length > 0 ? await readRecipes(io, options).catch(asInputError) : undefined;
  const unread = read instanceof InputError ? read : undefined;
  const wrong = joinedErrors([unread, ...(options.fix ? mayNotRepair(io, options) : [])]);
  if (wrong) throw wrong;
  return read instanceof InputError ? undefined : read;
}

async function lookOnce(io: Io, options: LookOptions, asked: Patient[], recipe: Recipe | undefined) {
  return await withWhatThereIs(io, options, recipe, async (clients) => {
    const patients = await Promise.all(asked.map((patient) => withMount(io, patient, clients, options.jwtFile)));
    const [servers, looked] = await Promise.all([
      serversOf(clients.reading),
      examineAll(patients, clients, { ...options, signal: io.signal }),
    ]);
    const { examinations, removed } = await probeIfWanted(io, clients, looked.examinations, options.probe === true);
    clients.progress.clear();
    const mounts = patients.map(({ mount }) => mount);
    const unused = unusedWords(options, mounts, recipe).map((problem) => findingOf(problem, 'warning'));
    const remarks = [...clients.remarks, ...unused];
    return {
      examinations,
      servers,
      remarks,
      tidied: [...removed, ...looked.changed.map((problem) => findingOf(problem, 'failed'))],
    };
  });
}
