import { scrub } from '../../secret.ts';

/** An answer, and whether it is one that only a Kubernetes API server gives. */
export interface ApiAnswer {
  /** 0 when the connection broke before a status came. */
  status: number;
  apiServer: boolean;
  /** gitVersion, when /version was answered. */
  version?: string;
  /** The Status' message, or the start of what came instead; scrubbed, one line. */
  said: string;
}

/** Kubernetes' own error object. */
export interface ApiStatus {
  kind: 'Status';
  message?: string;
  reason?: string;
  code?: number;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    retryAfterSeconds?: number;
    causes?: { reason?: string; message?: string; field?: string }[];
  };
}

/** Judges the answer of GET /version: a version, or a Status saying 401 or 403. */
export function apiAnswer(status: number, body: string): ApiAnswer {
  const json = jsonObject(body);
  const version = json?.['gitVersion'];
  if (status === 200 && typeof version === 'string') return { status, apiServer: true, version, said: '' };
  const refusal = apiStatus(body);
  if (refusal) return { status, apiServer: true, said: scrub(refusal.message ?? refusal.reason ?? '') };
  return { status, apiServer: false, said: gist(body) };
}

export function apiStatus(body: string): ApiStatus | undefined {
  const json = jsonObject(body);
  return json?.['kind'] === 'Status' ? (json as unknown as ApiStatus) : undefined;
}

function jsonObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The start of a foreign body on one line: a page's title when it is HTML. */
export function gist(body: string): string {
  const title = /<title[^>]*>([^<]*)</i.exec(body)?.[1];
  const text = title ? `an HTML page, "${title.trim()}"` : /^\s*</.test(body) ? 'an HTML or XML page' : body;
  const line = scrub(text).replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
