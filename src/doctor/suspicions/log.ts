import { configAddress } from '../../model/addresses.ts';
import type { Family } from '../cause.ts';
import { fixFor } from '../fixes.ts';
import { meaningOf } from '../log-lines.ts';
import { logOf } from '../refusal.ts';

/** Vault's own reason, quoted. It is the one place that knows why a login was a bare "permission denied". */
export const logCauses: Family = (x) =>
  (logOf(x) ?? []).flatMap((line) => {
    const meaning = meaningOf(line);
    // Who reviewed decides what those two mean: see reviewer-refused.ts.
    if (!meaning || /^reviewer-(forbidden|token-revoked)$/.test(meaning.cause)) return [];
    const { cause, stage } = meaning;
    return [
      {
        cause,
        stage,
        certainty: 'certain',
        subject: configAddress(x.patient.mount),
        evidence: [{ experiment: "Vault's log", said: line }],
        fix: fixFor(cause, x),
      },
    ];
  });
