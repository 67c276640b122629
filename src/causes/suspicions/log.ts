import { logOf } from '../../facts/refusal.ts';
import { configAddress } from '../../model/addresses.ts';
import type { Family } from '../cause.ts';
import { fixesOf, literals, meaningOf } from '../literals/index.ts';

/** Vault's own reason, quoted. It is the one place that knows why a login was a bare "permission denied". */
export const logCauses: Family = (x) =>
  (logOf(x) ?? []).flatMap((line) => {
    const cause = meaningOf(line);
    if (cause === undefined || literals[cause].ofWhoReviewed) return [];
    const evidence = [{ experiment: "Vault's log", said: line }];
    return [{ cause, certainty: 'certain', subject: configAddress(x.patient.mount), evidence, fix: fixesOf(cause, x) }];
  });
