import { parseObject } from '../../http/json.ts';
import { shownText as plain } from '../../http/shown-text.ts';
import { type ApiStatus, statusAnswer, versionAnswer } from '../answers/schemas.ts';

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

/** Judges the answer of GET /version: a version, or a Status saying 401 or 403. */
export function apiAnswer(status: number, body: string): ApiAnswer {
  const version = status === 200 ? versionAnswer.safeParse(parseObject(body)).data?.gitVersion : undefined;
  if (version !== undefined) return { status, apiServer: true, version: plain(version), said: '' };
  const refusal = apiStatus(body);
  if (refusal) return { status, apiServer: true, said: plain(refusal.message ?? refusal.reason ?? '') };
  return { status, apiServer: false, said: gist(body) };
}

export function apiStatus(body: string): ApiStatus | undefined {
  return statusAnswer.safeParse(parseObject(body)).data;
}

/** The start of a foreign body on one line: a page's title when it is HTML. */
export function gist(whole: string): string {
  const body = whole.slice(0, 10_000);
  const title = /<title[^>]*>([^<]*)</i.exec(body)?.[1];
  const text = title ? `an HTML page, "${title.trim()}"` : /^\s*</.test(body) ? 'an HTML or XML page' : body;
  const line = plain(text);
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
