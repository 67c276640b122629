import { type Claim, type Proof, proofThatItCan, proofThatItCannot, type Tries } from './access.ts';

/** A claim with what is known of it. */
export interface Judged {
  claim: Claim;
  wanted: 'can' | 'cannot';
  proof: Proof;
}

export function judgedClaims(tries: Tries, { can, cannot }: { can: Claim[]; cannot: Claim[] }): Judged[] {
  return [
    ...can.map((claim) => ({ claim, wanted: 'can' as const, proof: proofThatItCan(tries, claim) })),
    ...cannot.map((claim) => ({ claim, wanted: 'cannot' as const, proof: proofThatItCannot(tries, claim) })),
  ];
}

export function listed(ones: { claim: Claim }[]): string {
  return ones.map(({ claim: { capability, path } }) => `${capability} ${path}`).join(', ');
}

/** What was asked only, in words by reason, since many claims have the same. */
export function askedOnly(judged: Judged[]): string | undefined {
  const reasons = new Map<string, Judged[]>();
  for (const one of judged)
    if (one.proof.proof === 'asked') reasons.set(one.proof.because, [...(reasons.get(one.proof.because) ?? []), one]);
  if (reasons.size === 0) return undefined;
  const told = [...reasons].map(([because, ones]) => `${inWords(ones)} (${because})`);
  return `asked only, not tried: ${told.join('; ')}`;
}

function inWords(ones: Judged[]): string {
  return (['can', 'cannot'] as const)
    .map((wanted) => ({ wanted, of: ones.filter((one) => one.wanted === wanted) }))
    .filter(({ of }) => of.length > 0)
    .map(({ wanted, of }) => `${wanted} ${listed(of)}`)
    .join(', ');
}
