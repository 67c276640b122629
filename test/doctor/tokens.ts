import { createHmac, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { servers } from '../servers/servers.ts';

type Claims = Record<string, unknown>;

/** A real token's claims changed and signed with the cluster's own key, as the API server would. */
export function signedAgain(token: string, change: (claims: Claims) => Claims): string {
  const [head = '', body = ''] = token.split('.');
  const unsigned = `${head}.${encoded(change(decoded(body)))}`;
  const key = readFileSync(servers().kubernetes.serviceAccountKeyFile, 'utf8');
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url')}`;
}

/** The same claims signed with a password, as tokens of other systems are. */
export function signedByPassword(token: string): string {
  const [head = '', body = ''] = token.split('.');
  const unsigned = `${encoded({ ...decoded(head), alg: 'HS256' })}.${body}`;
  return `${unsigned}.${createHmac('sha256', 'password').update(unsigned).digest('base64url')}`;
}

export const now = () => Math.floor(Date.now() / 1000);

function decoded(part: string): Claims {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
