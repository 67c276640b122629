import { scrub } from '../../secret.ts';
import type { VaultAnswer } from '../node-vault.ts';

/** Vault's `errors`, each without Go's decoration, joined by '; '. Scrubbed. */
export function saidIn(answer: VaultAnswer): string {
  const errors = answer.body?.['errors'];
  if (!Array.isArray(errors)) return '';
  const plain = errors.map((text) =>
    String(text)
      .replace(/^\d+ errors? occurred:\s*/, '')
      .split('\n')
      .map((line) => line.replace(/^\s*\*\s*/, '').trim())
      .filter((line) => line !== '')
      .join(', '),
  );
  return scrub(plain.join('; '));
}

/** A 404 of KV version 2 that is about a version that was there; '' otherwise. */
export function goneIn({ status, body }: VaultAnswer): string {
  const data = (body?.['data'] ?? {}) as {
    metadata?: { version?: number; deletion_time?: string; destroyed?: boolean };
  };
  const { version, deletion_time = '', destroyed } = data.metadata ?? {};
  if (status !== 404 || version === undefined) return '';
  return destroyed ? `version ${version} was destroyed` : `version ${version} was deleted at ${deletion_time}`;
}

/** Nothing is mounted at the path (not: nothing is stored there). */
export function hasNoHandler(answer: VaultAnswer): boolean {
  return answer.status === 404 && /no handler for route|unsupported path|route entry not found/.test(saidIn(answer));
}

/** The Vault namespace of the request's header does not exist (OpenBao says so; Vault Community does not look at it). */
export function hasNoNamespace(answer: VaultAnswer): boolean {
  return answer.status === 404 && /namespace not found/i.test(saidIn(answer));
}

/** `GET sys/auth/<path>` says 400 where other reads say 404. */
export function isMissing(answer: VaultAnswer): boolean {
  return (answer.status === 404 && !hasNoNamespace(answer)) || /^No (auth|secret) engine at/.test(saidIn(answer));
}

export function isSealed(answer: VaultAnswer): boolean {
  return answer.status === 503 && /sealed/i.test(saidIn(answer));
}

/**
 * A 403 that may be about the token itself: an unknown one gets the bare words (and from Vault "invalid token"), a
 * known one without the right gets them in Go's list decoration.
 */
export function isAboutToken(answer: VaultAnswer): boolean {
  const errors = answer.body?.['errors'];
  return answer.status === 403 && Array.isArray(errors) && /^permission denied$|invalid token/.test(errors.join(' '));
}

export function isRedirect({ status }: VaultAnswer): boolean {
  return status >= 300 && status < 400;
}

/** Not Vault's form: no JSON object, or an error without `errors`, which Vault never sends. */
export function isForeign({ status, body, notJson }: VaultAnswer): boolean {
  return notJson === true || (status >= 400 && !Array.isArray(body?.['errors']));
}
