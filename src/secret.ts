import { inspect } from 'node:util';

/**
 * A token, JWT, key or KV value. It prints as `***` wherever it is printed, serialised or inspected;
 * `reveal()` is called only where the value leaves for the server that needs it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    if (value.length >= shortestScrubbed) for (const form of formsOf(value)) known.add(form);
  }

  reveal(): string {
    return this.#value;
  }

  get empty(): boolean {
    return this.#value === '';
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

/** Shorter values are not searched for in foreign text: `scrub` would blank out ordinary words. */
const shortestScrubbed = 8;
const known = new Set<string>();

/** As it may come back in an error: plain, in JSON, in a URL, in base64. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), base64, bytes.toString('base64url')];
}

const shapes = [
  /\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g,
  /\b(?:hv[sbr]|[sbr])\.[A-Za-z0-9_-]{20,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/**
 * Foreign text (an error body, a plugin's stderr, a log line) with every secret this process has seen, and
 * everything that has the shape of a JWT, a Vault token or a private key, replaced by `***`.
 */
export function scrub(text: string): string {
  let clean = text;
  for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, '***');
  for (const shape of shapes) clean = clean.replace(shape, '***');
  return clean;
}

/** True for text that holds a JWT, a Vault token or a private key by its shape, whether this process knows it or not. */
export function hasSecretShape(text: string): boolean {
  return shapes.some((shape) => text.search(shape) >= 0);
}
