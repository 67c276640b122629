import type { CauseId } from '../../codes.ts';
import { capabilitiesOf } from '../../policy/evaluate.ts';
import { holds, requestOf } from '../../policy/requests.ts';
import type { PolicyRule } from '../../policy/rule.ts';
import { aroundTemplates } from '../../policy/templates.ts';
import type { VaultHealth } from '../../vault/api.ts';
import type { SecretsEngine } from '../../vault/objects/secrets-engine.ts';

export interface NamedRule extends PolicyRule {
  policy: string;
}

export interface PolicyClaim {
  capability: string;
  path: string;
}

export interface Reason {
  cause: CauseId;
  said: string;
  /** Name of the policy whose rule decides it; absent: it is that none does. */
  policy?: string;
}

type Product = VaultHealth['product'];

/** Why rules that do not allow a claim do not, judged as the servers judge them. */
export function whyDenied(rules: NamedRule[], claim: PolicyClaim, product: Product, engine?: SecretsEngine): Reason {
  const able = rules.filter((rule) => names(rule.capabilities, claim.capability));
  return (
    overruled(rules, able, claim, product) ??
    (engine?.type === 'kv' && engine.version === 2 ? otherHalf(able, claim, product, engine.mount) : undefined) ??
    template(able, claim.path) ??
    loose(able, claim.path) ??
    withoutCapability(rules, claim, product) ??
    besideData(able, claim, engine) ??
    silent(rules, claim)
  );
}

function names(capabilities: Iterable<string>, capability: string): boolean {
  return [...capabilities].includes(capability);
}

function allows(rules: NamedRule[], claim: PolicyClaim, product: Product): boolean {
  return holds(capabilitiesOf(rules, requestOf(claim).path, product), claim.capability);
}

const quoted = ({ path, policy }: NamedRule) => `"${path}" of policy ${policy}`;

/** A rule allows it alone, and a closer one or a deny counts instead. */
function overruled(rules: NamedRule[], able: NamedRule[], claim: PolicyClaim, product: Product): Reason | undefined {
  const good = able.find((rule) => allows([rule], claim, product));
  if (!good) return undefined;
  const winner = rules.find((rule) => !allows([good, rule], claim, product));
  if (!winner) return undefined;
  const held = [...winner.capabilities].join(', ') || 'nothing';
  const said = `${quoted(good)} allows it, but ${quoted(winner)} counts: ${held}`;
  return { cause: 'policy-denied-by-other', said, policy: winner.policy };
}

/** KV version 2 has two API paths for what `vault kv` shows as one. */
function otherHalf(able: NamedRule[], claim: PolicyClaim, product: Product, mount: string): Reason | undefined {
  const [kind = '', ...key] = claim.path.slice(mount.length).split('/');
  if (kind !== 'data' && kind !== 'metadata') return undefined;
  const cause = kind === 'data' ? 'policy-path-lacks-data' : 'policy-path-lacks-metadata';
  const bare = `${mount}${key.join('/')}`;
  const other = `${mount}${kind === 'data' ? 'metadata' : 'data'}/${key.join('/')}`;
  for (const path of [bare, other]) {
    const rule = able.find((one) => allows([one], { ...claim, path }, product) || near(one, path, mount));
    if (!rule) continue;
    const said = `${quoted(rule)} is about ${path}; the API path is ${claim.path}`;
    return { cause, said, policy: rule.policy };
  }
  return undefined;
}

/** Of a star inside no path would be a better one: the rule fits nothing. */
function near(rule: NamedRule, path: string, mount: string): boolean {
  if (rule.path.slice(0, -1).includes('*')) return false;
  return (
    !/^(data|metadata)(\/|$)/.test(rule.path.slice(mount.length)) ===
      !/^(data|metadata)\//.test(path.slice(mount.length)) && fitsLoosely(rule.path, path)
  );
}

function template(able: NamedRule[], path: string): Reason | undefined {
  const rule = able.find((one) => one.path.includes('{{') && filled(one.path).test(path));
  if (!rule) return undefined;
  const said = `${quoted(rule)} would fit, but its template is empty or another for this login`;
  return { cause: 'policy-template-unresolved', said, policy: rule.policy };
}

/** As a server reads the rule, with anything in place of its templates. */
function filled(pattern: string): RegExp {
  const fixed = pattern.replace(/\*$/, '');
  const parts = aroundTemplates(fixed).map((part) => part.split('+').map(literal).join('[^/]+'));
  return new RegExp(`^${parts.join('[^/]*')}${pattern.endsWith('*') ? '' : '$'}`);
}

const literal = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As people read globs, and the servers do not. */
function loose(able: NamedRule[], path: string): Reason | undefined {
  const rule = able.find((one) => fitsLoosely(one.path, path));
  if (!rule) return undefined;
  return { cause: 'policy-glob-misses', said: `${quoted(rule)} does not match ${path}`, policy: rule.policy };
}

function fitsLoosely(pattern: string, path: string): boolean {
  return expression(`${pattern.replace(/\/?\*$/, '')}*`, /[*+]/, '.*').test(path);
}

function expression(pattern: string, wild: RegExp, meaning: string): RegExp {
  const open = pattern.endsWith('*');
  const fixed = open ? pattern.slice(0, -1) : pattern;
  const parts = fixed.split(wild).map(literal);
  return new RegExp(`^${parts.join(meaning)}${open ? '(/.*)?' : ''}$`);
}

function withoutCapability(rules: NamedRule[], claim: PolicyClaim, product: Product): Reason | undefined {
  const { capability } = claim;
  const { path } = requestOf(claim);
  const rule = rules.find((one) => !names(capabilitiesOf([one], path, product), 'deny'));
  if (!rule) {
    const deny = rules.find((one) => names(one.capabilities, 'deny') && fits(one, path, product));
    return deny && { cause: 'policy-denied-by-other', said: `${quoted(deny)} denies it`, policy: deny.policy };
  }
  const held = [...rule.capabilities].join(', ');
  const said = `${quoted(rule)} gives ${held}, and not ${capability}`;
  return { cause: 'policy-capability-missing', said, policy: rule.policy };
}

/** A deny and no rule look alike to capabilitiesOf, so the path alone is asked. */
function fits(rule: NamedRule, path: string, product: Product): boolean {
  const readable: NamedRule = { ...rule, capabilities: ['read'] as unknown as NamedRule['capabilities'] };
  return allows([readable], { capability: 'read', path }, product);
}

/** What KV version 2 does beside data and metadata has paths of its own. */
function besideData(able: NamedRule[], claim: PolicyClaim, engine: SecretsEngine | undefined): Reason | undefined {
  if (engine?.type !== 'kv' || engine.version !== 2) return undefined;
  const [kind = '', ...key] = claim.path.slice(engine.mount.length).split('/');
  if (!['delete', 'undelete', 'destroy', 'subkeys'].includes(kind)) return undefined;
  const others = ['data/', 'metadata/', ''].map((half) => `${engine.mount}${half}${key.join('/')}`);
  const rule = able.find(({ path }) => others.some((other) => fitsLoosely(path, other)));
  if (!rule) return undefined;
  const said = `${quoted(rule)} is about another path: KV version 2 has ${engine.mount}${kind}/ for this`;
  return { cause: 'policy-not-attached', said, policy: rule.policy };
}

function silent(rules: NamedRule[], { path }: PolicyClaim): Reason {
  const squeezed = (text: string) => text.replace(/[/\s]/g, '');
  const twin = rules.find((one) => squeezed(one.path) === squeezed(path));
  if (twin) {
    const said = `${quoted(twin)} is another path: look at its ${/\s/.test(twin.path) ? 'blanks' : 'slashes'}`;
    return { cause: 'policy-not-attached', said, policy: twin.policy };
  }
  const spoken = [...new Set(rules.map((one) => JSON.stringify(one.path)))].slice(0, 5).join(', ');
  return { cause: 'policy-not-attached', said: spoken === '' ? 'no rule at all' : `the policies speak of ${spoken}` };
}
