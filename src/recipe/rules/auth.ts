import { createPublicKey } from 'node:crypto';
import { isScratch } from '../../model/scratch-name.ts';
import { isIdleOnForeignMounts, judgeReviewer } from '../reviewers/index.ts';
import type { Path } from '../source/place.ts';
import { doubtful, type Objection, wrong } from './objection.ts';
import type { Rule } from './rule.ts';

const config: Path = ['auth', 'config'];

export const someoneReviews: Rule = ({ document: { auth, roles = [] } }) =>
  judgeReviewer(auth.reviewer, { manage: auth.manage ?? 'full', roles });

/** On another team's mount nothing of these is ever written. */
export const nothingOnForeignMounts: Rule = ({ document: { auth, cluster = {} } }) => {
  if (auth.manage !== 'none') return [];
  const said: Objection[] = [];
  const idle = (path: Path, given: unknown) => {
    if (given !== undefined)
      said.push(doubtful(path, 'does nothing with manage: none, which never writes the mount or its config'));
  };
  idle(['auth', 'description'], auth.description);
  idle(['auth', 'config'], auth.config);
  if (auth.reviewer && isIdleOnForeignMounts(auth.reviewer)) idle(['auth', 'reviewer'], auth.reviewer);
  idle(['cluster', 'host'], cluster.host);
  idle(['cluster', 'ca'], cluster.ca);
  return said;
};

/** The next doctor --probe would remove it. */
export const mountIsNoScratch: Rule = ({ document: { auth } }) => {
  if (!isScratch(auth.path.toLowerCase())) return [];
  return [
    wrong(
      'recipe-value',
      ['auth', 'path'],
      'the mounts of doctor --probe have such names, and are removed by it',
      'choose another path',
    ),
  ];
};

export const issuerIsChecked: Rule = ({ document: { auth } }) => {
  const { issuer, disable_iss_validation: disabled = true } = auth.config ?? {};
  if (issuer !== undefined && disabled)
    return [
      doubtful(
        [...config, 'issuer'],
        'Vault checks it only with disable_iss_validation: false; TokenReview judges the token anyway',
      ),
    ];
  if (issuer === undefined && !disabled)
    return [
      doubtful(
        [...config, 'disable_iss_validation'],
        'without issuer Vault expects kubernetes/serviceaccount, which tokens since Kubernetes 1.21 do not have',
      ),
    ];
  if (issuer?.endsWith('/'))
    return [doubtful([...config, 'issuer'], 'the slash at the end counts: the issuer in the tokens must end so too')];
  return [];
};

export const pemKeysAreKeys: Rule = ({ document: { auth } }) =>
  (auth.config?.pem_keys ?? []).flatMap((text, index) => {
    const at = [...config, 'pem_keys', index];
    try {
      createPublicKey(text);
      return [];
    } catch {
      return [wrong('recipe-value', at, 'is not a public key or certificate in PEM')];
    }
  });

export const somethingToDo: Rule = ({ document: { roles = [], policies = [], auth } }) => {
  if (roles.length > 0) return [];
  if (policies.length > 0) return [doubtful(['policies'], 'no role is bound, so nobody gets these policies')];
  return auth.manage === 'none'
    ? [doubtful(['auth', 'manage'], 'the recipe has no roles and no policies, so there is nothing to do')]
    : [];
};
