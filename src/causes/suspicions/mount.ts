import type { Evidence, Fix } from '../../errors.ts';
import { absent, type Examination, known } from '../../facts/examination.ts';
import { authType, kubernetesMounts } from '../../facts/mounts.ts';
import { configAddress, mountAddress } from '../../model/addresses.ts';
import { byLikeness } from '../../recipe/suggest.ts';
import type { Family, Suspected } from '../cause.ts';
import { applied, askOwner } from '../fixes.ts';
import { fixesOf } from '../literals/index.ts';

/** The auth method itself: enabled, of the right type, configured, in this Vault namespace. */
export const mountCauses: Family = (x) => {
  const nowhere = namespaceMissing(x);
  return nowhere.length > 0 ? nowhere : [...missing(x), ...wrongType(x), ...unconfigured(x)];
};

/** OpenBao says so on every path; Vault without namespaces does not look at the header. */
function namespaceMissing(x: Examination): Suspected[] {
  const facts = [x.mount.found, x.mount.config, x.mount.all, x.vault.operator];
  const problem = facts
    .flatMap((fact) => (fact.known ? [] : (fact.because?.problems ?? [])))
    .find(({ code }) => code === 'vault-namespace-missing' || code === 'vault-namespaces-unsupported');
  if (!problem) return [];
  const { code, subject, message, fix = [] } = problem;
  return [
    {
      cause: code === 'vault-namespace-missing' ? code : 'vault-namespaces-unsupported',
      certainty: 'certain',
      subject,
      evidence: [{ experiment: 'auth-mount', said: message }],
      fix,
    },
  ];
}

function missing(x: Examination): Suspected[] {
  const { mount } = x.patient;
  const answer = known(x.mount.impossibleLogin);
  const reading = absent(x.mount.found);
  const refused =
    answer !== undefined &&
    (answer.status === 403 || answer.status === 404 || /missing client token|no handler/.test(answer.said));
  if (!reading && !(refused && known(x.mount.found) === undefined)) return [];
  const others = kubernetesMounts(x);
  const [near] = byLikeness(mount, others);
  return [
    {
      cause: 'auth-mount-missing',
      certainty: reading ? 'certain' : 'likely',
      subject: mountAddress(mount),
      evidence: [
        ...(reading ? [{ experiment: 'auth-mount', said: `nothing is enabled at ${mount}` }] : []),
        ...(answer ? [{ experiment: 'impossible-login', said: `${answer.status} ${answer.said}` }] : []),
        ...existing(x, others),
      ],
      fix: [
        ...ownersOr(x, 'enable it, with its config and its roles'),
        ...(near === undefined
          ? []
          : [{ why: `if ${near} is the one that was meant, use it in the application's login path` }]),
        ...(x.patient.recipe
          ? []
          : [
              {
                why: `${near === undefined ? '' : 'or '}have it enabled by whoever runs Vault, with its config and its roles; in a recipe all that stands (vaultbind init makes one)`,
              },
            ]),
      ],
    },
  ];
}

/** Nothing where the list may not be read. */
function existing(x: Examination, usable: string[]): Evidence[] {
  const all = known(x.mount.all);
  if (!all) return [];
  const { name } = authType(x);
  const others = Object.entries(all).map(([path, type]) => `${path} (${type})`);
  const none = `no ${name} auth method is enabled here${others.length > 0 ? `; there are ${others.join(', ')}` : ''}`;
  return [
    { experiment: 'auth-mounts', said: usable.length > 0 ? `${name} auth methods here: ${usable.join(', ')}` : none },
  ];
}

function wrongType(x: Examination): Suspected[] {
  const mount = known(x.mount.found);
  if (!mount || mount.type === authType(x).name) return [];
  return [
    {
      cause: 'auth-mount-wrong-type',
      certainty: 'certain',
      subject: mountAddress(x.patient.mount),
      evidence: [{ experiment: 'auth-mount', said: `type ${mount.type}` }],
      fix: [
        { why: `log in at a ${authType(x).name} auth method: ${kubernetesMounts(x).join(', ') || 'none is enabled'}` },
      ],
    },
  ];
}

function unconfigured(x: Examination): Suspected[] {
  if (!absent(x.mount.config) || known(x.mount.found)?.type !== authType(x).name) return [];
  return [
    {
      cause: 'auth-config-missing',
      certainty: 'certain',
      subject: configAddress(x.patient.mount),
      evidence: [{ experiment: 'auth-config', said: 'was never written' }],
      fix: fixesOf('auth-config-missing', x),
    },
  ];
}

function ownersOr(x: Examination, why: string): Fix[] {
  const owner = askOwner(x, why);
  return owner ? [owner] : applied(x, why);
}
