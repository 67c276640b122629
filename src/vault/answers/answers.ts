import { isObject } from '../../http/json.ts';
import { shownText } from '../../http/shown-text.ts';
import type { VaultAnswer } from '../node-vault.ts';

/** Vault's `errors`, each without Go's decoration, joined by '; '. Scrubbed. */
export function saidIn(answer: VaultAnswer): string {
  const plain = stringsIn(answer.body?.['errors']).map((text) =>
    text
      .replace(/^\d+ errors? occurred:\s*/, '')
      .split('\n')
      .map((line) => line.replace(/^\s*\*\s*/, '').trim())
      .filter((line) => line !== '')
      .join(', '),
  );
  return shownText(plain.join('; '));
}

/** The texts of a list that should hold nothing else. */
export function stringsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

/** A 404 of KV version 2 that is about a version that was there; '' otherwise. */
export function goneIn({ status, body }: VaultAnswer): string {
  const data = isObject(body?.['data']) ? body['data'] : {};
  const { version, deletion_time: time, destroyed } = isObject(data['metadata']) ? data['metadata'] : {};
  if (status !== 404 || typeof version !== 'number') return '';
  const when = typeof time === 'string' ? shownText(time) : 'some time';
  return destroyed === true ? `version ${version} was destroyed` : `version ${version} was deleted at ${when}`;
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
  return (
    (answer.status === 404 && !isForeign(answer) && !hasNoNamespace(answer)) ||
    /^No (auth|secret) engine at/.test(saidIn(answer))
  );
}

export function isSealed(answer: VaultAnswer): boolean {
  return answer.status === 503 && /sealed/i.test(saidIn(answer));
}

/**
 * A 403 that may be about the token itself: an unknown one gets the bare words (and from Vault "invalid token"), a
 * known one without the right gets them in Go's list decoration.
 */
export function isAboutToken(answer: VaultAnswer): boolean {
  const errors = stringsIn(answer.body?.['errors']).join(' ');
  return answer.status === 403 && /^permission denied$|invalid token/.test(errors);
}

export function isRedirect({ status }: VaultAnswer): boolean {
  return status >= 300 && status < 400;
}

/** Not Vault's form: no JSON object, or an error without `errors`, which Vault never sends. */
export function isForeign({ status, body, notJson }: VaultAnswer): boolean {
  const errors = body?.['errors'];
  const isTold = Array.isArray(errors) && errors.every((one) => typeof one === 'string');
  return notJson === true || (status >= 400 && !isTold);
}
