import type { Problem } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { acceptedOf, ownRole } from '../../facts/refusal.ts';
import { reviewerOf } from '../../facts/reviewer.ts';
import { texts } from '../../facts/texts.ts';
import { roleAddress } from '../../model/addresses.ts';
import { type Warner, warning } from './warning.ts';

type Role = Record<string, unknown>;

/** Whom a role lets in, with what, and for how long. */
export const roleWarnings: Warner = (x) => {
  const role = known(x.role.stored);
  return [
    ...(role ? [...audience(x, role), ...ttl(x, role), ...short(x, role), ...crossProduct(x, role)] : []),
    ...longLived(x),
  ];
};

const subject = ({ patient }: Examination) => roleAddress(patient.mount, patient.role);

/** In client review Kubernetes would refuse a token for another audience than its own. */
function audience(x: Examination, role: Role): Problem[] {
  if (role['audience'] || reviewerOf(x).mode === 'client') return [];
  const message = 'takes any token of the account, also one meant for another service';
  const why = 'set audience on the role, and project a token for it';
  return [warning('role-without-audience', subject(x), message, why)];
}

function ttl(x: Examination, role: Role): Problem[] {
  const set = ['token_ttl', 'token_period', 'token_max_ttl', 'token_explicit_max_ttl', 'ttl', 'period', 'max_ttl'];
  if (set.some((field) => Number(role[field] ?? 0) > 0) || known(x.mount.found)?.defaultTtl !== undefined) return [];
  const message = 'its tokens live as long as the system default, which is 32 days unless somebody changed it';
  return [warning('default-ttl', subject(x), message, 'set token_ttl')];
}

/** Fewer and shorter than these leave no room for a renewal, or for a second try. */
const [fewUses, fewSeconds] = [10, 60];

/** What a recipe says is meant so, and what it does not say is drift. */
function short(x: Examination, role: Role): Problem[] {
  if (ownRole(x)) return [];
  const uses = Number(role['token_num_uses'] ?? 0);
  const { ttl: seconds = 0 } = acceptedOf(x) ?? {};
  const said = [
    ...(uses > 0 && uses < fewUses
      ? [`after ${uses} request${uses === 1 ? '' : 's'}, of whatever kind (token_num_uses)`]
      : []),
    ...(seconds > 0 && seconds < fewSeconds ? [`after ${seconds} s (token_ttl)`] : []),
  ];
  if (said.length === 0) return [];
  const why = 'raise them on the role, unless the workload logs in anew for each piece of work';
  return [warning('role-short-lived', subject(x), `its tokens end ${said.join(', and ')}`, why)];
}

function crossProduct(x: Examination, role: Role): Problem[] {
  const names = texts(role['bound_service_account_names']);
  const namespaces = texts(role['bound_service_account_namespaces']);
  const why = 'make one role for each account';
  if (names.includes('*')) {
    const where = namespaces.includes('*') ? 'of the whole cluster' : `in ${namespaces.join(', ')}`;
    return [warning('role-cross-product', subject(x), `lets in every account ${where}`, why)];
  }
  if (names.length < 2 || namespaces.length < 2) return [];
  const count = `${names.length} names times ${namespaces.length} namespaces`;
  return [warning('role-cross-product', subject(x), `binds ${count}: each name in each of them`, why)];
}

/** A token of a Secret is good until the Secret is deleted, whoever has a copy of it. */
function longLived(x: Examination): Problem[] {
  const claims = known(x.held)?.claims;
  if (!claims || claims.expires) return [];
  const from = claims.secret === undefined ? '' : ` of Secret ${claims.secret}`;
  return [
    warning(
      'long-lived-token',
      'the given token',
      `the token${from} never ends`,
      'let the Pod use a projected token, which the kubelet renews, and delete the token Secret',
    ),
  ];
}
