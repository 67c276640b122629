import { type Claim, Good, type Proof, proofThatItCan, proofThatItCannot, type Tries } from './access.ts';

/** A claim with what is known of it: worked out once, and read by whoever tells of it. */
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

/** How the ends of a chain are marked: its policies, and the one claim that stands for what the login should reach. */
export interface Ends {
  /** `failed` as soon as one claim shows them too narrow or too wide; `ok` only when some request showed it. */
  policy: 'ok' | 'asked' | 'failed';
  /** The claim of `can` that is the least good; absent: nothing is expected. */
  secret?: { claim: Claim; mark: 'ok' | 'asked' | 'warning' | 'failed' };
}

export function endsOf(judged: Judged[]): Ends {
  const able = judged.filter(({ wanted }) => wanted === 'can');
  const [worst] = able.sort((one, other) => rank(one.proof) - rank(other.proof));
  const secret = worst && { claim: worst.claim, mark: markOf(worst.proof) };
  return { policy: policyIn(judged.map(({ proof }) => proof)), secret };
}

function policyIn(proofs: Proof[]): Ends['policy'] {
  if (proofs.some((one) => one.proof === 'bad' && ofPolicies.includes(one.code))) return 'failed';
  return proofs.some((one) => one instanceof Good || one.proof === 'empty') ? 'ok' : 'asked';
}

const ofPolicies = ['access-denied', 'access-too-wide'];

function rank({ proof }: Proof): number {
  return ['bad', 'empty', 'asked', 'good'].indexOf(proof);
}

function markOf(proof: Proof): 'ok' | 'asked' | 'warning' | 'failed' {
  if (proof instanceof Good) return 'ok';
  if (proof.proof === 'empty') return 'warning';
  return proof.proof === 'asked' ? 'asked' : 'failed';
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

/** Vault's warnings that a token lives shorter than its role asks. */
export function cappedIn(warnings: string[]): string[] {
  return warnings.filter((text) => /exceeded the effective max_ttl/i.test(text));
}
