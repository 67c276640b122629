import { withoutTrailing } from '../../model/trailing.ts';
import type { Choice } from '../question.ts';

/** The answer that leaves something out. */
export const none = 'none';

export const yesOrNo = (yes: string, no: string): Choice[] => [
  { value: 'yes', says: yes },
  { value: 'no', says: no },
];

/** Whose access it is, and to what, is nobody's guess: only where there is one is it what holds. */
export function onlyOne(values: string[], seen: boolean): string | undefined {
  return seen && values.length === 1 ? values[0] : undefined;
}

/** One of the values offered. */
export function oneOf(value: string, allowed: readonly string[]): { wrong: string } | undefined {
  return allowed.includes(value) ? undefined : { wrong: `it is one of: ${allowed.join(', ')}` };
}

/** The name itself, or one like it that nobody has. Compared as Vault does, which stores names in lower case. */
export function freeName(name: string, taken: readonly string[]): string {
  const all = new Set(taken.map((one) => one.toLowerCase()));
  const isFree = (one: string) => !all.has(one.toLowerCase());
  const others = Array.from({ length: all.size + 1 }, (_, index) => `${name}-${index + 2}`);
  return [name, ...others].find(isFree) ?? name;
}

/** A name that Kubernetes and Vault both take, made of another name. */
export function nameOf(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const name = withoutTrailing(plain.replace(/^-+/, ''), '-');
  return name === '' ? 'app' : name.slice(0, 60);
}
