import { isChildPolicy } from '../../model/child-policy-name.ts';
import { reasonIn } from '../../policy/kv-writes.ts';
import { placeholder } from '../../policy/placeholder.ts';
import type { PolicyRule, Unclear } from '../../policy/rule.ts';
import { templatesIn, withTightTemplates } from '../../policy/templates.ts';
import type { PolicyText } from '../policies.ts';
import type { Path } from '../source/place.ts';
import { didYouMean } from '../suggest.ts';
import { shown } from '../text.ts';
import { doubtful, type Objection, wrong } from './objection.ts';
import type { Draft, Rule } from './rule.ts';

export const policyHasOneSource: Rule = ({ document: { policies = [] } }) =>
  policies.flatMap((policy, index) => {
    const given = (['rules', 'file', 'hcl'] as const).filter((key) => policy[key] !== undefined);
    if (given.length === 0)
      return [wrong('recipe-missing', ['policies', index], 'says nothing: give rules, file or hcl')];
    return given
      .slice(1)
      .map((key) =>
        wrong(
          'recipe-conflict',
          ['policies', index, key],
          `${given[0]} is given too; a policy has one of rules, file and hcl`,
        ),
      );
  });

const reserved: Record<string, string> = {
  root: 'Vault lets nobody write it',
  'response-wrapping': 'Vault keeps it for itself',
  'control-group': 'Vault keeps it for itself',
  default: 'every token of this Vault has it, not only those of this recipe',
};

export const policyNameIsFree: Rule = ({ document: { policies = [] } }) =>
  policies.flatMap(({ name }, index) => {
    const reason = isChildPolicy(name.toLowerCase())
      ? 'so are those of --child-token named, which the next run removes'
      : reserved[name.toLowerCase()];
    if (!reason) return [];
    return [
      wrong(
        'recipe-value',
        ['policies', index, 'name'],
        `a recipe may not write the policy ${name}: ${reason}`,
        'choose another name',
      ),
    ];
  });

export const policyIsRead: Rule = ({ policies }) =>
  policies.flatMap(({ problems, unclear, at, hcl }, index) => {
    const path: Path = ['policies', index, at ? 'hcl' : 'rules'];
    const said = problems.map(({ message, line, column, refusedBy }): Objection => {
      const place = at ? { at: at(line, column) } : {};
      if (refusedBy === 'both') return { ...wrong('policy-invalid', path, message), ...place };
      const product = refusedBy === 'vault' ? 'HashiCorp Vault' : 'OpenBao';
      return { ...doubtful(path, `${product} refuses this: ${message}`, undefined, 'policy-invalid'), ...place };
    });
    if (unclear) said.push(unjudged(path, hcl, unclear, at));
    const silent = !unclear && hcl !== '' && problems.length === 0 && policies[index]?.rules.length === 0;
    return silent ? [doubtful(path, 'the policy names no path, so it allows nothing')] : said;
  });

/** Sent as it is, where nothing has to be put in; nothing else of it is held against what a careful reader knows. */
function unjudged(path: Path, hcl: string, { message, line, column }: Unclear, at: PolicyText['at']): Objection {
  const said = hcl.includes(placeholder)
    ? wrong('policy-invalid', path, `${placeholder} is filled in only where the policy is clear: ${message}`)
    : doubtful(path, `what the policy allows cannot be judged: ${message}`, undefined, 'policy-unclear');
  return at ? { ...said, at: at(line, column) } : said;
}

export const policyIsUsed: Rule = ({ document: { policies = [], roles = [] } }) => {
  const used = new Set(roles.flatMap(({ token_policies = [] }) => token_policies.map((name) => name.toLowerCase())));
  if (roles.length === 0) return [];
  return policies.flatMap(({ name }, index) =>
    used.has(name.toLowerCase())
      ? []
      : [doubtful(['policies', index, 'name'], `no role of this recipe has the policy ${name}`)],
  );
};

/** Judges each path of each policy, wherever the policy was written. */
export const pathsOfPolicies: Rule = (draft) => {
  const kv2 = kv2Mounts(draft);
  return draft.policies.flatMap((policy, index) =>
    policy.rules.flatMap((rule, at) => {
      const { at: place } = policy;
      const path: Path = place ? ['policies', index, 'hcl'] : ['policies', index, 'rules', at, 'path'];
      const messages = [...judgePath(rule.path, kv2), ...judgeCapabilities(rule, kv2), ...judgeParameters(rule, kv2)];
      return messages.map(
        (message): Objection => ({
          ...doubtful(path, message),
          ...(place ? { at: place(rule.line, rule.column) } : {}),
        }),
      );
    }),
  );
};

/** What the parser of the policy language takes away before it can be seen. */
export const writtenRules: Rule = ({ document: { policies = [] } }) =>
  policies.flatMap(({ rules = [] }, index) =>
    rules.flatMap(({ path, capabilities }, at) => {
      const place: Path = ['policies', index, 'rules', at];
      const said: Objection[] = [];
      if (path.startsWith('/'))
        said.push(
          doubtful([...place, 'path'], `Vault drops the slash in front${didYouMean(path.replace(/^\/+/, ''))}`),
        );
      if (capabilities.includes('deny') && capabilities.length > 1)
        said.push(doubtful([...place, 'capabilities'], 'deny takes away the other capabilities beside it'));
      if (new Set(capabilities).size < capabilities.length)
        said.push(doubtful([...place, 'capabilities'], 'a capability is named twice'));
      return said;
    }),
  );

export const pathsOnce: Rule = ({ policies }) =>
  policies.flatMap(({ rules, at: place }, index) => {
    const seen = new Set<string>();
    return rules.flatMap(({ path, line, column }, at): Objection[] => {
      if (!seen.has(path)) {
        seen.add(path);
        return [];
      }
      const where: Path = place ? ['policies', index, 'hcl'] : ['policies', index, 'rules', at, 'path'];
      return [
        {
          ...doubtful(where, `${shown(path)} stands in this policy twice; the servers join the two`),
          ...(place ? { at: place(line, column) } : {}),
        },
      ];
    });
  });

function judgePath(path: string, kv2: Set<string>): string[] {
  const said: string[] = [];
  const plain = path.replace(/^v1\//, '');
  if (plain !== path) said.push(`API paths stand in policies without v1/${didYouMean(plain)}`);
  const stars = starsInside(path);
  if (stars !== undefined) said.push(stars);
  if (/\s/.test(withTightTemplates(path)))
    said.push(`the path ${JSON.stringify(path)} holds a blank; API paths seldom do${didYouMean(trimmedOf(path))}`);
  said.push(...judgeTemplates(path));
  if (path.split('/').some((segment) => segment.length > 1 && segment.includes('+')))
    said.push('+ means something only as a whole segment');
  const moved = movedData(plain);
  if (moved && isKv2(plain, kv2))
    said.push(`on KV v2, data/ stands right after the mount, so this allows nothing${didYouMean(moved)}`);
  const [mount = '', second = ''] = plain.split('/');
  if (kv2.has(mount) && second !== '' && !kv2Words.includes(second) && !/[*+]/.test(second) && !moved)
    said.push(
      `${mount}/ is used as KV v2 elsewhere in this recipe, where this path does nothing${didYouMean([mount, 'data', ...plain.split('/').slice(1)].join('/'))}`,
    );
  return said;
}

/** What people mean by a star inside of a path; of a part of a segment and of a template there is no such form. */
function starsInside(path: string): string | undefined {
  if (!path.slice(0, -1).includes('*')) return undefined;
  if (templatesIn(path).some((inside) => inside.includes('*')))
    return `* means something only at the end of a path, and nothing in a template: ${placeholder} is the accessor of this mount`;
  const segments = path.split('/');
  const last = segments.pop() ?? '';
  // What ends in a star fits all that begins so; elsewhere only + fits any name, and the whole of it.
  const inner = segments.map((segment) => (segment.includes('*') ? '+' : segment));
  const end = last.slice(0, -1).includes('*') ? '+' : last;
  return `* means something only at the end of a path; + stands for one whole segment, whatever it is${didYouMean([...inner, end].join('/'))}`;
}

function trimmedOf(path: string): string | undefined {
  const trimmed = path.trim();
  return /\s/.test(trimmed) ? undefined : trimmed;
}

/** The servers take any words in a template, and fill in only these. */
function judgeTemplates(path: string): string[] {
  const unknown = templatesIn(path).find((inside) => !/^identity\.(?:entity|groups)\./.test(inside));
  if (unknown === undefined) return [];
  return [
    `the servers fill in templates that begin with identity.entity. or identity.groups., and so never ${shown(unknown)}`,
  ];
}

function isKv2(path: string, kv2: Set<string>): boolean {
  const [mount = ''] = path.split('/');
  return kv2.has(mount) || mount === 'secret';
}

function judgeCapabilities({ path, capabilities }: PolicyRule, kv2: Set<string>): string[] {
  const said: string[] = [];
  const [, second] = path.split('/');
  if (capabilities.includes('list') && second === 'data')
    said.push(
      `list does nothing on a KV v2 data path; it takes a rule on ${shown(path.replace('/data', '/metadata'))}, and drop list here`,
    );
  if (capabilities.includes('sudo') && kv2Words.includes(second ?? '') && isKv2(path, kv2))
    said.push('sudo does nothing on paths of KV secrets; it counts on root-protected paths alone');
  if (['*', '+/*'].includes(path) && !capabilities.includes('deny')) said.push('this is every path of this Vault');
  if (path.endsWith('/') && !capabilities.some((one) => ['list', 'deny', 'scan'].includes(one)))
    said.push(`a path with a slash at its end is good for list only${didYouMean(`${path}*`)}`);
  return said;
}

/** Only where the path is used as one of KV version 2: elsewhere the parameters of a write are what is stored. */
function judgeParameters(rule: PolicyRule, kv2: Set<string>): string[] {
  const [mount = '', second] = rule.path.split('/');
  const reason = kv2.has(mount) && second === 'data' ? reasonIn(rule) : undefined;
  return reason === undefined ? [] : [reason];
}

const kv2Words = ['data', 'metadata', 'delete', 'undelete', 'destroy', 'subkeys', 'config', 'detailed-metadata'];

/** Mounts that the recipe itself uses as KV version 2. */
function kv2Mounts({ policies, document: { expect = [] } }: Draft): Set<string> {
  const claims = expect.flatMap(({ can = [] }) => can.map((claim) => claim.split(/\s+/)[1] ?? ''));
  const paths = [...policies.flatMap(({ rules }) => rules.map(({ path }) => path)), ...claims];
  return new Set(paths.flatMap((path) => /^([^/]+)\/(?:data|metadata)\/./.exec(path)?.[1] ?? []));
}

/** `secret/data/top-secret` for `secret/top-secret/data`. */
function movedData(path: string): string | undefined {
  const segments = path.replace(/\/\*?$/, '').split('/');
  const last = segments.pop();
  const [mount, ...rest] = segments;
  if ((last !== 'data' && last !== 'metadata') || !mount || rest.length === 0) return undefined;
  if (kv2Words.includes(rest[0] ?? '')) return undefined;
  return [mount, last, ...rest].join('/');
}
