import type { Fault } from '../servers/faults.ts';

/** One way in which an answer can be wrong. */
export interface Kind {
  name: string;
  fault: Fault;
  /** It strikes once, and the request sent again is answered well. */
  once?: true;
  /** A page, as gateways have them and neither server. */
  page?: true;
}

const answer = (status: number, body: string, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status,
  body,
  headers,
});
const html = '<html><head><title>Log \u001b[31min\u009b</title></head><body>\u202e</body></html>';
const page = { 'content-type': 'text/html' };
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
/** In the form of both systems, so that each takes it for its own. */
const told = (status: number, said: string) =>
  JSON.stringify({ errors: [said], kind: 'Status', status: 'Failure', code: status, message: said, metadata: {} });
const evil = '\u001b[2J\u009b31m\u202e\u2066::error::x\r\n';

export const kinds: Kind[] = [
  { name: 'empty', fault: answer(200, '') },
  { name: '{}', fault: answer(200, '{}') },
  { name: 'null', fault: answer(200, 'null') },
  { name: '[]', fault: answer(200, '[]') },
  { name: 'nothing inside', fault: { kind: 'change', change: inJson(emptied) } },
  { name: 'wrong types', fault: { kind: 'change', change: inJson(mistyped) } },
  { name: 'truncated', fault: { kind: 'change', change: (body) => body.slice(0, Math.floor(body.length / 2)) } },
  { name: 'other JSON', fault: answer(200, '{"id":7,"name":"x","data":{"rows":[{"toString":1}]},"items":[{}]}') },
  { name: 'deep', fault: answer(200, `{"request_id":"r","kind":"x","data":${deep},"items":${deep}}`) },
  { name: 'huge', fault: { kind: 'change', change: () => `{"data":"${'x'.repeat(33 * 1024 * 1024)}"}` } },
  { name: 'escapes', fault: { kind: 'change', change: inJson(steering) } },
  { name: 'HTML', fault: answer(200, html, page), page: true },
  { name: '204', fault: answer(204, '') },
  { name: '404', fault: answer(404, told(404, `no ${evil}`)) },
  { name: '404 page', fault: answer(404, html, page), page: true },
  { name: '412', fault: answer(412, told(412, 'required index state not present')) },
  { name: '429', fault: answer(429, told(429, evil), { 'retry-after': '3600' }) },
  { name: '429 once', fault: answer(429, told(429, 'slow down')), once: true },
  { name: '500', fault: answer(500, told(500, evil)) },
  { name: '502 page', fault: answer(502, html, page), page: true },
  { name: 'slow', fault: { kind: 'delay', milliseconds: 5_000 } },
  { name: 'trickle', fault: { kind: 'trickle' } },
  { name: 'half', fault: { kind: 'half' } },
  { name: 'reset', fault: { kind: 'reset' } },
  { name: 'reset once', fault: { kind: 'reset' }, once: true },
  { name: 'lost', fault: { kind: 'lose-answer' } },
];

function inJson(change: (value: unknown) => unknown): (body: string) => string {
  return (body) => {
    try {
      return JSON.stringify(change(JSON.parse(body)));
    } catch {
      return body;
    }
  };
}

/** What the answer is about is gone, and its form stays. */
function emptied(value: unknown): unknown {
  const about = ['data', 'auth', 'items', 'status', 'metadata', 'roleRef', 'subjects'];
  return each(value, (inner, key) => (about.includes(key) ? null : inner));
}

function mistyped(value: unknown): unknown {
  if (typeof value === 'string') return { toString: 1 };
  if (typeof value === 'number' || typeof value === 'boolean') return [value];
  if (Array.isArray(value)) return { length: value.length };
  return each(value, mistyped);
}

function steering(value: unknown): unknown {
  if (typeof value === 'string') return `${value}${evil}`;
  return Array.isArray(value) ? value.map(steering) : each(value, steering);
}

function each(value: unknown, change: (inner: unknown, key: string) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner, key)]));
}
