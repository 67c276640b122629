import { type Capability, capabilityNames, type PolicyProblem, type PolicyRule } from '../rule.ts';
import { checkSpellings, durationField, foldedKey, integer, parameters, textField, textList, time } from './fields.ts';
import { type At, type Block, clipped, type Item, PolicySyntaxError, UnclearPolicyError } from './tree.ts';

export type ReportFault = (message: string, at: At, refusedBy?: PolicyProblem['refusedBy']) => void;

/** `policy = "…"`, from before there were capabilities. */
const legacy: Record<string, Capability[]> = {
  deny: ['deny'],
  read: ['read', 'list'],
  write: ['create', 'read', 'update', 'delete', 'list'],
  sudo: ['create', 'read', 'update', 'delete', 'list', 'sudo'],
};

const vaultOnly = new Set(['subscribe_event_types', 'subscribe', 'recover']);
const openbaoOnly = new Set(['expiration', 'pagination_limit', 'list_scan_response_keys_filter_path', 'scan']);

type Draft = Omit<PolicyRule, 'capabilities'> & { words: Set<string>; policy?: string };

const fields: Record<string, (draft: Draft, item: Item, field: string) => void> = {
  comment: () => {},
  policy: (draft, { value }, field) => {
    draft.policy = textField(value, field);
  },
  capabilities: (draft, { value }, field) => {
    for (const word of textList(value, field)) draft.words.add(word);
  },
  allowed_parameters: (draft, item, field) => {
    draft.allowed_parameters = parameters(item, field, draft.allowed_parameters);
  },
  denied_parameters: (draft, item, field) => {
    draft.denied_parameters = parameters(item, field, draft.denied_parameters);
  },
  required_parameters: (draft, { value }, field) => {
    const names = textList(value, field).map(foldedKey);
    draft.required_parameters = [...(draft.required_parameters ?? []), ...names];
  },
  min_wrapping_ttl: (draft, { value }, field) => {
    draft.min_wrapping_ttl = durationField(value, field);
  },
  max_wrapping_ttl: (draft, { value }, field) => {
    draft.max_wrapping_ttl = durationField(value, field);
  },
  mfa_methods: (draft, { value }, field) => {
    draft.mfa_methods = [...(draft.mfa_methods ?? []), ...textList(value, field)];
  },
  control_group: (_draft, { value }) => {
    throw new UnclearPolicyError('control groups differ from product to product, and are not read', value);
  },
  subscribe_event_types: (draft, { value }, field) => {
    draft.subscribe_event_types = [...(draft.subscribe_event_types ?? []), ...textList(value, field)];
  },
  expiration: (draft, { value }, field) => {
    const expires = time(value, field);
    if (expires !== undefined) draft.expiration = expires;
  },
  pagination_limit: (draft, { value }, field) => {
    draft.pagination_limit = integer(value, field);
  },
  list_scan_response_keys_filter_path: (_draft, { value }) => {
    throw new UnclearPolicyError('the template of a filter path is not read', value);
  },
};

/** One `path` block. Every mistake is reported; the rule is made of what can be understood. */
export function readRule(written: string, block: Block, at: At, report: ReportFault): PolicyRule {
  const path = written.replace(/^\//, '');
  const draft: Draft = { path, words: new Set(), line: at.line, column: at.column };
  checkPath(path, at, report);
  for (const field of ['allowed_parameters', 'denied_parameters']) checkSpellings(block, field);
  for (const item of block.items) readField(draft, item, report);
  const { words, policy, ...limits } = draft;
  const capabilities = readCapabilities(words, policy, block, report);
  if (capabilities.includes('deny')) {
    const { expiration } = limits;
    return {
      path,
      capabilities,
      expiration,
      line: at.line,
      column: at.column,
    };
  }
  const { min_wrapping_ttl: least, max_wrapping_ttl: most } = limits;
  if (least && most && most < least) report('max_wrapping_ttl is less than min_wrapping_ttl', at);
  return { ...limits, capabilities };
}

function readField(draft: Draft, item: Item, report: ReportFault): void {
  const key = item.keys[0];
  if (!key) return;
  const read = Object.hasOwn(fields, key.text) ? fields[key.text] : undefined;
  if (!read) {
    report(`"${clipped(key.text)}" is no key of a path block; those are ${Object.keys(fields).join(', ')}`, key);
    return;
  }
  reportForeign(key.text, key, report);
  try {
    read(draft, item, key.text);
  } catch (error) {
    if (!(error instanceof PolicySyntaxError) || error instanceof UnclearPolicyError) throw error;
    report(error.message, error.at);
  }
}

function reportForeign(word: string, at: At, report: ReportFault): void {
  if (vaultOnly.has(word)) report(`${word} is known to Vault only, not to OpenBao`, at, 'openbao');
  if (openbaoOnly.has(word)) report(`${word} is known to OpenBao only, not to Vault`, at, 'vault');
}

function readCapabilities(
  words: Set<string>,
  policy: string | undefined,
  block: Block,
  report: ReportFault,
): Capability[] {
  const find = (name: string) => block.items.findLast(({ keys }) => keys[0]?.text === name)?.value ?? block;
  if (policy && !Object.hasOwn(legacy, policy)) {
    report(`policy must be deny, read, write or sudo, not "${clipped(policy)}"`, find('policy'));
  }
  const found = new Set<string>([...words, ...(policy ? (legacy[policy] ?? []) : [])]);
  const list = find('capabilities');
  const items = list.kind === 'list' ? list.items : [];
  const written = new Map(items.toReversed().map((item) => [item.kind === 'string' ? item.text : '', item]));
  const element = (word: string) => written.get(word) ?? list;
  for (const word of found) {
    if (isCapability(word)) reportForeign(word, element(word), report);
    else report(`"${clipped(word)}" is no capability; those are ${capabilityNames.join(', ')}`, element(word));
  }
  if (found.has('deny')) return ['deny'];
  return capabilityNames.filter((name) => found.has(name));
}

function isCapability(word: string): word is Capability {
  return (capabilityNames as readonly string[]).includes(word);
}

/** Longer than any path of an API; what follows of a path costs by its length. */
const longestPath = 1024;

function checkPath(path: string, at: At, report: ReportFault): void {
  if (path.length > longestPath) throw new UnclearPolicyError(`the path is longer than ${longestPath} characters`, at);
  if (path.includes('+*')) report(`path "${path}" has "+*": write "+/*" or "*"`, at);
  const pieces = path.split('{{');
  const closed = pieces.slice(1).every((piece) => piece.split('}}').length === 2);
  if (pieces[0]?.includes('}}') || !closed) report(`path "${path}" has a template whose {{ and }} do not pair up`, at);
}
