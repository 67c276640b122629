import { isDeepStrictEqual } from 'node:util';
import { printPolicy } from './canonical.ts';
import { accessorForm, filled, hasPlaceholder, placeholder } from './placeholder.ts';
import { clearRules, doubtIn, type ParsedPolicy, parsePolicy } from './reading/parse.ts';
import type { Plain } from './reading/tree.ts';
import type { PolicyProblem, PolicyRule, Unclear } from './rule.ts';

declare const judged: unique symbol;

/** A policy text that leaves this process: only a judged policy makes one. */
export type SentPolicy = string & { readonly [judged]: true };

/** An accessor to judge with while the mount's own is not known. */
const anyAccessor = 'auth_kubernetes_00000000';

/**
 * A policy with what is to be sent of it.
 *
 * Law: what is judged is what is sent. What leaves is parsed again after the accessor is put in, and must say the same
 * as what was judged; where only judged policies may leave (a ceiling), it is the print of the judged rules and never
 * the text that was given.
 */
export class JudgedPolicy {
  readonly #text: string;
  readonly #parsed: ParsedPolicy;
  #needs: boolean | undefined;

  private constructor(text: string, parsed: ParsedPolicy) {
    this.#text = text;
    this.#parsed = parsed;
  }

  static of(text: string): JudgedPolicy {
    const parsed = text.trim() === '' ? { rules: [], problems: [] } : parsePolicy(text);
    const policy = new JudgedPolicy(text, parsed);
    const doubt = policy.#doubtAboutPlaceholder();
    return doubt ? new JudgedPolicy(text, { ...parsed, rules: [], unclear: doubt }) : policy;
  }

  /** What is sent, but for the accessor. */
  get text(): string {
    return this.#text;
  }

  /** Empty when it is not clear. */
  get rules(): PolicyRule[] {
    return this.#parsed.rules;
  }

  /** What a server would refuse it for. */
  get problems(): PolicyProblem[] {
    return this.#parsed.problems;
  }

  /** Why it is not certain what the servers read in it. */
  get unclear(): Unclear | undefined {
    return this.#parsed.unclear;
  }

  /** The accessor of the mount is needed to send it. */
  get needsAccessor(): boolean {
    this.#needs ??= !doubtIn(this.#parsed) && hasPlaceholder(this.#text);
    return this.#needs;
  }

  /** The same policy as the print of its rules; undefined when that could say anything else than the text. */
  printed(): JudgedPolicy | undefined {
    if (this.unclear || this.problems.length > 0 || this.#text.trim() === '') return undefined;
    const policy = JudgedPolicy.of(printPolicy(this.rules));
    const sound = policy.problems.length === 0 && policy.needsAccessor === this.needsAccessor;
    return sound && isDeepStrictEqual(said(policy.rules), said(this.rules)) ? policy : undefined;
  }

  /** The text to write. Undefined: with this accessor it would not say what was judged. */
  sent(accessor?: string): SentPolicy | undefined {
    if (!this.needsAccessor) return this.#text as SentPolicy;
    if (accessor === undefined || !accessorForm.test(accessor)) return undefined;
    const text = filled(this.#text, accessor);
    const rules = clearRules(text);
    const same = rules && isDeepStrictEqual(said(rules), replaced(said(this.rules), accessor));
    return same ? (text as SentPolicy) : undefined;
  }

  /** With the placeholder written in another way, or in what cannot be read, nobody could tell where it ends up. */
  #doubtAboutPlaceholder(): Unclear | undefined {
    if (doubtIn(this.#parsed)) return undefined;
    if (this.sent(anyAccessor) !== undefined) return undefined;
    const message = `with the accessor in place of ${placeholder} this would say something else: write it plainly, in a string in double quotes`;
    return { message, line: 1, column: 1 };
  }
}

/** Rules without where they were written. */
function said(rules: PolicyRule[]): Omit<PolicyRule, 'line' | 'column'>[] {
  return rules.map(({ line: _line, column: _column, ...rule }) => rule);
}

type Value = Plain | object | undefined;

function replaced(value: Value, accessor: string): Value {
  if (typeof value === 'string') return value.replaceAll(placeholder, accessor);
  if (Array.isArray(value)) return value.map((one) => replaced(one, accessor));
  if (value instanceof Map)
    return new Map([...value].map(([key, one]) => [String(replaced(key, accessor)), replaced(one, accessor)] as const));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, accessor)]));
}
