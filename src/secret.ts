import { inspect } from 'node:util';

/**
 * A token, JWT, key or KV value. It prints as `***` wherever it is printed, serialised or inspected;
 * `reveal()` is called only where the value leaves for the server that needs it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    if (value.length < shortestScrubbed) return;
    for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]) known.add(form);
    for (const form of base64Of(value)) encoded.add(form);
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

/** The same as they may come back in base64. */
const encoded = new Set<string>();
/** Text without such a run holds no base64, and most text has none. */
const base64Run = /[\w+/-]{12}/;

/** Base64 works in groups of three bytes, so inside a longer text (`Bearer …`) a value has three forms; the ends that its neighbours decide are left out. */
function base64Of(value: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString('base64');
    const whole = text.replace(/={0,2}$/, '').length;
    const sure = text.slice(offset === 0 ? 0 : 4, whole - (whole % 4));
    return sure.length < 12 ? [] : [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Linear: texts may be of megabytes, and a pattern for a whole JWT would begin anew at each of its parts. */
const jwtRun = /[\w.-]+/g;

const shapes = [
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
  if (base64Run.test(clean))
    for (const form of encoded) if (clean.includes(form)) clean = clean.replaceAll(form, '***');
  clean = clean.replace(jwtRun, withoutJwts);
  for (const shape of shapes) clean = clean.replace(shape, '***');
  return clean;
}

/** `run`: letters, digits, `_`, `-` and dots alone. A JWT is three parts, the first of which begins a JSON object. */
function withoutJwts(run: string): string {
  if (!run.includes('eyJ')) return run;
  const parts = run.split('.');
  const kept: string[] = [];
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    const start = parts[index + 1] && parts[index + 2] !== undefined ? jwtStart(part) : -1;
    kept.push(start === -1 ? part : `${part.slice(0, start)}***`);
    if (start !== -1) index += 2;
  }
  return kept.join('.');
}

function jwtStart(part: string): number {
  if (part.startsWith('eyJ')) return part.length >= 8 ? 0 : -1;
  const found = part.indexOf('-eyJ');
  return found === -1 || part.length - found < 9 ? -1 : found + 1;
}

const userInfo = /(:\/\/)[^\s/?#@"'\\]+@/g;

/** A URL may carry a password, which Vault and kubectl show as they stand: `https://***@host`. */
export function withoutUserInfo(text: string): string {
  return text.includes('@') ? text.replace(userInfo, '$1***@') : text;
}

/** True for text that holds a JWT, a Vault token or a private key by its shape, whether this process knows it or not. */
export function hasSecretShape(text: string): boolean {
  return text.replace(jwtRun, withoutJwts) !== text || shapes.some((shape) => text.search(shape) >= 0);
}
