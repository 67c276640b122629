import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../src/cli/program.ts';
import { causes, codes } from '../src/codes.ts';
import { workUntil } from '../src/model/work.ts';
import { usualAuthType } from '../src/recipe/auth-types/index.ts';
import { modes } from '../src/recipe/reviewers/index.ts';
import { modeNames } from '../src/recipe/reviewers/names.ts';
import { steps } from '../src/steps/index.ts';
import { areaOf, type Source, sources } from './sources.ts';

const all = sources();

describe('steps', () => {
  it('stand in the order of the article, each name once', () => {
    expect(steps.map(({ name }) => name)).toEqual([
      'enable-auth',
      'write-policy',
      'service-account',
      'bind-delegator',
      'fetch-credentials',
      'write-config',
      'bind-role',
      'review-token',
      'login',
    ]);
  });

  it.each(steps.map((step) => [step.name, step] as const))('%s lies in a file of its name', (name) => {
    expect(all.map(({ file }) => file)).toContain(`steps/${name}.ts`);
  });
});

describe('causes', () => {
  const families = all.filter(({ file }) => file.startsWith('causes/literals/'));
  it.each(Object.keys(causes))('%s has one literal, with its place, its texts, its log line and its ways out', (id) => {
    const begins = new RegExp(`^  '?${id}'?: \\{\\n    stage: `, 'gm');
    expect(families.flatMap(({ code }) => [...code.matchAll(begins)])).toHaveLength(1);
  });

  it('are looked up by what their literal says, and switched on nowhere', () => {
    const doctors = all.filter(({ file }) => /^(facts|causes|actions\/doctor)\//.test(file));
    expect(
      doctors.filter(({ code }) => /\bswitch \(cause\)|Record<CauseId, (?!CauseLiteral|Explanation|string)/.test(code)),
    ).toEqual([]);
  });
});

describe('codes', () => {
  /** Of the doctor's vocabulary, and nothing a server shows tells of it: Vault keeps no trace of a field it ignored. */
  const untold = ['role-unknown-field'];
  const saying = all.filter(({ file }) => file !== 'codes.ts' && !file.startsWith('causes/catalogue'));
  const texts = saying.map(({ code }) => code);
  it.each(Object.keys(codes).filter((code) => !untold.includes(code)))('%s is used', (code) => {
    expect(texts.some((text) => text.includes(`'${code}'`) || new RegExp(`^\\s*${code}:`, 'm').test(text))).toBe(true);
  });
});

/** Which packages may be imported where. A package that is not listed may not be imported at all. */
const packages: Record<string, string[]> = {
  '@kubernetes/client-node': ['kubernetes/'],
  '@peculiar/x509': ['sandbox/'],
  'reflect-metadata': ['sandbox/servers/certificates.ts'],
  chalk: ['output/'],
  commander: ['cli/', 'main.ts'],
  diff: ['output/'],
  'fast-wrap-ansi': ['output/layout/wrap.ts'],
  'fastest-levenshtein': ['recipe/suggest.ts', 'kubernetes/kubeconfig/'],
  inquirer: ['wizard/'],
  '@inquirer/core': ['wizard/'],
  'node-vault': ['vault/'],
  'p-limit': ['actions/doctor/examine-all.ts', 'engine/', 'http/queue.ts'],
  socks: ['http/'],
  undici: ['http/'],
  yaml: ['recipe/', 'kubernetes/', 'output/'],
  zod: ['recipe/', 'kubernetes/', 'vault/', 'output/', 'sandbox/', 'saved-plan/', 'ceiling/'],
};

/**
 * The rooms from the ground up, and what each imports: only of what stands above it in this list, by types too. `:type`
 * means types alone, which are gone at run time. A line that is indented further goes on with the one above it.
 */
const plan = `
  version.ts <
  codes.ts <
  secret.ts <
  command.ts <
  errors.ts < codes.ts:type command.ts:type
  model < codes.ts secret.ts command.ts errors.ts
  process < model
  policy < model
  trust < errors.ts model
  http < secret.ts model trust
  recipe < codes.ts:type secret.ts errors.ts model policy trust
  ceiling < errors.ts model policy trust recipe
  vault < secret.ts errors.ts model policy trust http
  kubernetes < secret.ts command.ts:type errors.ts model trust http
  contracts < codes.ts:type command.ts:type errors.ts:type model:type trust:type recipe:type vault:type
    kubernetes:type
  operator < secret.ts errors.ts model policy trust http vault
  proof < secret.ts errors.ts model policy trust vault kubernetes contracts:type
  engine < command.ts:type errors.ts model policy trust http:type recipe:type vault kubernetes contracts:type
  steps < secret.ts command.ts:type errors.ts model policy trust:type recipe:type vault kubernetes contracts proof
    engine
  facts < codes.ts secret.ts:type errors.ts:type model policy trust:type recipe vault kubernetes:type contracts proof
    engine
  causes < codes.ts command.ts:type errors.ts model policy trust recipe vault kubernetes:type proof facts
  saved-plan < version.ts secret.ts errors.ts model http recipe contracts:type engine:type
  output < version.ts codes.ts errors.ts:type model policy trust
  wizard < secret.ts errors.ts model recipe vault:type kubernetes:type operator:type output
  sandbox < secret.ts errors.ts model trust http
  actions < version.ts codes.ts secret.ts command.ts:type errors.ts model http:type recipe ceiling vault:type
    kubernetes contracts operator proof engine steps facts causes saved-plan output wizard
  cli < version.ts codes.ts errors.ts model recipe ceiling contracts:type operator steps saved-plan output sandbox
    actions
  main.ts < secret.ts errors.ts model process output actions cli
`;

const rooms = new Map(
  plan
    .trim()
    .split(/\n {2}(?! )/)
    .map((line) => line.split('<'))
    .map(([room = '', below = '']) => [room.trim(), below.split(/\s+/).filter((one) => one !== '')]),
);

/** Finer than folders: these files have no way to a server. */
const offline: [files: (source: Source) => boolean, what: string, mayNot: RegExp][] = [
  [
    ({ area }) => area === 'steps',
    'steps/ get their clients from the engine',
    /^(vault|kubernetes)\/(client|connect)\.ts$/,
  ],
  [
    ({ area }) => area === 'causes',
    "the doctor's causes, warnings and chain are made of facts alone",
    /^(http|proof)\/(?!access\.ts|judge-claims\.ts|login-chain\.ts)|^vault\/(?!answers\/login-refusal\.ts)|^kubernetes\//,
  ],
  [
    ({ area, file }) => area === 'engine' && file !== 'engine/connect.ts',
    'the engine connects in one file',
    /^(vault|kubernetes)\/(?!api\.ts)/,
  ],
];

describe('imports', () => {
  it('of packages are where the design has them', () => {
    const strays = all.flatMap(({ file, imports }) =>
      imports
        .filter(({ own, what }) => !own && !packages[what]?.some((place) => file.startsWith(place)))
        .map(({ what }) => `${file} imports ${what}`),
    );
    expect(strays).toEqual([]);
  });

  it.each(['validate', 'permissions', 'schema', 'explain'])(
    'of %s bring no client of a server with them',
    (command) => {
      const clients = loadedBy(`cli/${command}.ts`).filter((what) =>
        /^(undici|socks|node-vault|@kubernetes)/.test(what),
      );
      expect(clients).toEqual([]);
    },
  );

  it('between folders are as drawn', () => {
    const strays = all.flatMap(({ file, area, imports }) =>
      imports
        .filter(({ own, what }) => own && areaOf(what) !== area)
        .filter(({ what, type }) => {
          const allowed = rooms.get(area) ?? [];
          return !allowed.includes(areaOf(what)) && !(type && allowed.includes(`${areaOf(what)}:type`));
        })
        .map(({ what, type }) => `${file} imports ${type ? 'a type of ' : ''}${what}`),
    );
    expect(strays).toEqual([]);
  });

  it('go downwards alone', () => {
    const floors = [...rooms.keys()];
    const up = [...rooms].flatMap(([room, below], floor) =>
      below.filter((one) => floors.indexOf(one.replace(':type', '')) >= floor).map((one) => `${room} -> ${one}`),
    );
    expect(up).toEqual([]);
  });

  it.each(offline.map(([files, what, mayNot]) => [what, files, mayNot] as const))('%s', (_what, files, mayNot) => {
    const strays = all
      .filter(files)
      .flatMap(({ file, imports }) =>
        imports.filter(({ type, what }) => !type && mayNot.test(what)).map(({ what }) => `${file} imports ${what}`),
      );
    expect(strays).toEqual([]);
  });

  it('make no circle', () => {
    const edges = new Map(
      all.map(({ file, imports }) => [file, imports.filter(({ own, type }) => own && !type).map(({ what }) => what)]),
    );
    expect(circles(edges)).toEqual([]);
  });

  it('make no circle with types', () => {
    const edges = new Map(
      all.map(({ file, imports }) => [file, imports.filter(({ own }) => own).map(({ what }) => what)]),
    );
    expect(circles(edges)).toEqual([]);
  });

  it('each system is reached by one door; that to Vault lets nothing be made that is not in the ledger', () => {
    const doors = all
      .filter(({ imports }) => imports.some(({ what }) => what === 'http/create-transport.ts'))
      .map(({ file }) => file);
    expect(doors).toEqual(['kubernetes/wire.ts', 'sandbox/processes/ask.ts', 'vault/wire.ts']);
  });

  it.each(modeNames)('who reviews is asked by its traits, and %s is named in its own room alone', (mode) => {
    // The name of a mode may be the name of a key, too.
    const isKey = modeNames.some((one) => mode in modes[one].fields);
    const told = isKey
      ? new RegExp(`[=!]== '${mode}'|\\bmode\\b.{0,20}\\b${mode}\\b|\\b${mode} (?:only|mode)\\b`)
      : new RegExp(`\\b${mode}\\b`);
    const strays = all.filter(({ file, code }) => !file.startsWith('recipe/reviewers/') && told.test(code));
    expect(strays.map(({ file }) => file)).toEqual([]);
  });

  it('the type of an auth method is named in recipe/auth-types alone', () => {
    const type = usualAuthType.name;
    const told = new RegExp(`\\btype(?:: | [=!]== )'${type}'|\\[(?:path|mount)\\] === '${type}'|auth enable', \\['`);
    const strays = all.filter(({ file, code }) => !file.startsWith('recipe/auth-types/') && told.test(code));
    expect(strays.map(({ file }) => file)).toEqual([]);
  });

  it('the engine knows no step by name', () => {
    const named = all
      .filter(({ area }) => area === 'engine')
      .flatMap(({ file, code }) =>
        steps.filter(({ name }) => code.includes(`'${name}'`)).map(({ name }) => `${file} ${name}`),
      );
    expect(named).toEqual([]);
  });
});

function circles(edges: Map<string, string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (path.includes(file) || done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

describe('sources', () => {
  const having = (pattern: RegExp, ...except: string[]) =>
    all
      .filter(({ code, file }) => pattern.test(code) && !except.some((place) => file.startsWith(place)))
      .map(({ file }) => file);

  it('are no longer than 300 lines', () =>
    expect(all.filter(({ text }) => text.split('\n').length > 301).map(({ file }) => file)).toEqual([]));
  it('never say any', () => expect(having(/(?::|\bas|<|\|)\s*any\s*(?:[;,)>=|&{[]|$)/m)).toEqual([]));
  it('use no console', () => expect(having(/\bconsole\./)).toEqual([]));
  it('exit in one place', () =>
    expect(having(/process\.(exit|exitCode|abort|kill)\b/, 'main.ts', 'sandbox/', 'proof/scratch-mount.ts')).toEqual(
      [],
    ));
  it('touch the streams of the process in one place', () =>
    expect(having(/process\.(stdout|stderr|stdin)\b/, 'main.ts')).toEqual([]));
  it('write to streams where the design has it', () =>
    expect(
      having(/\b(stdout|stderr|stream)\.write\(/, 'main.ts', 'process/', 'cli/', 'actions/', 'output/', 'sandbox/'),
    ).toEqual([]));
  it('take the environment from whoever calls', () =>
    expect(having(/process\.env\b/, 'main.ts', 'sandbox/processes/process-identity.ts', 'http/dispatcher.ts')).toEqual(
      [],
    ));
  it('make no command of text: words go to the builders of model/commands.ts', () => {
    // Names in a report: `step bind-role`, `doctor --fix`.
    expect(having(/\bcommand: `/, 'cli/step.ts')).toEqual([]);
    expect(having(/\bwhy\b[^{}]*\bcommand: ['"`]/)).toEqual([]);
    expect(having(/\bas (unknown as )?Printed\b/, 'model/')).toEqual([]);
  });
  // The sandbox's own lines for `eval` are of its own paths.
  it('quote for a shell in one place', () =>
    expect(having(/'\\\\''/, 'model/printed.ts', 'sandbox/named/shell.ts')).toEqual([]));
  it('join the files of a recipe for -f in one place', () => expect(having(/-f \$\{|' -f '/)).toEqual([]));
  it('have names that say what is in them', () => {
    const riddle =
      /\/(kept|keep|again|held|told|due|ways|door|nobody|said|seen|shown|utils?|helpers?|misc|common)\.ts$/;
    expect(all.map(({ file }) => file).filter((file) => riddle.test(file))).toEqual([]);
  });
  it('export each name once', () => {
    const exported = /^export (?:async )?(?:abstract )?(?:function|const|class|interface|type) (\w+)/gm;
    const places = all.flatMap(({ file, code }) =>
      [...code.matchAll(exported)].map(([, name = '']) => ({ name, file })),
    );
    const once = new Set<string>();
    const twice = places.filter(({ name }) => once.has(name) || !once.add(name));
    expect(twice.map(({ name, file }) => `${name} ${file}`)).toEqual([]);
  });
  it('spell the addresses of objects in one place', () =>
    expect(having(/\bauth\/\$\{|sys\/policies\/acl/, 'model/addresses.ts', 'vault/')).toEqual([]));
  it('spell what we write on objects of Kubernetes in one place', () =>
    expect(
      having(/vaultbind\.dev\/|\b(ServiceAccount|Secret) \$\{(\w+\.)?namespace\}/, 'model/', 'kubernetes/'),
    ).toEqual([]));
  it('put no name into a command within a sentence', () =>
    expect(having(/\b(vault|kubectl) (\w+ )+(-\w+ )?\$\{/, 'actions/permissions/permissions.ts')).toEqual([]));
  it('print a path into a policy in one place, whatever the names in it hold', () =>
    expect(
      having(/\bpath (?:\\?["'])\$\{|\bpath "['"] ?\+|\bpath \$\{(?!printPlain\()[^`]*capabilities/, 'policy/'),
    ).toEqual([]));
  it('vouch for a mount in one place: no login can be sent without it', () =>
    expect(having(/new VouchedMount\(|as VouchedMount\b/, 'proof/vouched-mount.ts')).toEqual([]));
  it('make tokens of ServiceAccounts in two places, and for a login in one', () => {
    // Both give them to somebody who has a VouchedMount, or keep them in this process.
    const makers = ['proof/fresh-token.ts', 'proof/reviewer-pass.ts', 'kubernetes/'];
    expect(having(/\breviewerPass\(/, 'proof/reviewer-pass.ts', 'proof/bisect.ts')).toEqual([]);
    expect(having(/\brequestToken\b/, ...makers)).toEqual([]);
    expect(having(/\bfreshToken\(/, 'proof/fresh-token.ts', 'proof/login-pass.ts', 'proof/token-review.ts')).toEqual(
      [],
    );
  });
  it('reveal secrets only where they leave for a server', () =>
    expect(
      having(
        /\.reveal\(\)/,
        'secret.ts',
        'vault/',
        'operator/',
        'kubernetes/',
        'http/',
        'sandbox/',
        'steps/write-config.ts',
        'proof/bisect.ts',
      ),
    ).toEqual([]));
});

describe('the help of', async () => {
  const names = (await programFor(undefined)).commands.map((command) => command.name());
  const leaves = (
    await Promise.all(names.map(async (name) => (await programFor(name)).commands.find((one) => one.name() === name)))
  )
    .flatMap((command) => (command ? [command, ...command.commands] : []))
    .filter((command) => command.name() !== 'help');

  it.each(leaves.map((command) => [wholeName(command), command] as const))(
    '%s says what it does and shows how',
    (name, command) => {
      expect(command.summary()).not.toBe('');
      expect(command.description()).not.toBe('');
      const help = helpOf(command);
      expect(help).toContain(`vaultbind ${name}`);
      expect(help.slice(help.lastIndexOf('Example'))).toContain(`  vaultbind ${name}`);
    },
  );

  it.each(names)('%s has the summary that the list shows', async (name) => {
    const listed = (await programFor(undefined)).commands.find((one) => one.name() === name)?.summary();
    const own = (await programFor(name)).commands.find((one) => one.name() === name)?.summary();
    expect(own).toBe(listed);
  });
});

async function programFor(name: string | undefined): Promise<Command> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const { signal } = new AbortController();
  const io = {
    env: {},
    cwd: '/',
    stdin: process.stdin,
    stdout: nowhere,
    stderr: nowhere,
    signal,
    work: workUntil(signal),
  };
  const program = () => programFor(undefined);
  return await buildProgram(name === undefined ? [] : [name], {
    io,
    program,
    action: () => async () => undefined,
    run: async () => 0,
  });
}

function wholeName(command: Command): string {
  const above = command.parent;
  return above?.parent ? `${wholeName(above)} ${command.name()}` : command.name();
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

describe('patterns', () => {
  /**
   * The law: no pattern that may begin anywhere repeats without bound up to its end, for it begins anew at each
   * character of a foreign text. A pattern starts with ^, or what it takes off is taken off by model/trailing.ts.
   */
  const bounded: Record<string, string> = {
    'vault/answers/login-refusal.ts': 'begins at its own words alone',
    'operator/connection/address.ts': "the user's own environment",
    'kubernetes/kubeconfig/cluster.ts': 'its first match takes the whole rest',
    'actions/saved-plan/hold-plan.ts': "Node's own message",
    'ceiling/read.ts': "Node's own message",
    'actions/reports/files.ts': "Node's own message",
    'trust/api-host.ts': 'each begins at a colon and ends at the next',
  };
  const literal = /(?<![\w)\]/])\/(?![/*])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\/\n[])+)\/[a-z]*/g;
  const withoutGroups = (body: string) => {
    let flat = body.replace(/\\./g, 'e').replace(/\[[^\]]*\]/g, 'c');
    for (let before = ''; before !== flat; ) [before, flat] = [flat, flat.replace(/\([^()]*\)/g, 'g')];
    return flat;
  };
  const loose = all.filter(({ code }) =>
    [...code.matchAll(literal)].some(([, body = '']) =>
      withoutGroups(body)
        .split('|')
        .some((part) => !part.startsWith('^') && /[+*]\$$/.test(part)),
    ),
  );

  it('that may begin anywhere have an end', () => {
    expect(loose.map(({ file }) => file).sort()).toEqual(Object.keys(bounded).sort());
  });
});

/** All files and packages that come with this file, at once and not by `import()`. */
function loadedBy(first: string): string[] {
  const found = new Set([first]);
  for (const one of found)
    for (const { what, type, later } of all.find(({ file }) => file === one)?.imports ?? [])
      if (!type && !later) found.add(what);
  return [...found];
}
