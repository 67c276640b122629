import type { Session } from '../contracts/clients.ts';
import { type Change, defineStep, type Resource, type State } from '../contracts/step.ts';
import type { Target } from '../contracts/target.ts';
import { diffFields } from '../engine/diff.ts';
import { FailedError } from '../errors.ts';
import type { TokenSecret } from '../kubernetes/api.ts';
import { authAddress, configAddress, hostAddress, mountAddress, secretAddress } from '../model/addresses.ts';
import { joined, kubectl, variable, vaultWriteJson } from '../model/commands.ts';
import { writtenTo } from '../model/labels.ts';
import { tokenStates } from '../model/token-states.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { Secret } from '../secret.ts';
import { findAuthMount } from '../vault/objects/mount.ts';
import { writeAsRead } from './as-read.ts';
import { configDocument, type JudgedConfig } from './config-fields.ts';
import { findReviewerSecret } from './reviewer-secret.ts';
import { storedToken } from './stored-token.ts';

interface ConfigResource extends Resource {
  desired: JudgedConfig;
}

export const writeConfig = defineStep<ConfigResource>({
  name: 'write-config',
  title: 'write the auth config',
  summary:
    "vault write auth/PATH/config. The server replaces the whole document on each write, so every field is sent each time, the reviewer's token included.",

  commands: (target) => {
    const { recipe } = target;
    if (recipe.auth.manage === 'none') return [];
    const token = recipe.auth.reviewer.secret ? joined(variable('SA_TOKEN')) : '';
    return [vaultWriteJson(configAddress(recipe.auth.path), { ...configDocument(target), token_reviewer_jwt: token })];
  },

  access: ({ recipe }) => {
    const path = configAddress(recipe.auth.path);
    const read = { system: 'vault' as const, path, capabilities: ['read'], phase: 'plan' as const };
    if (recipe.auth.manage === 'none') return [read];
    const { secret } = recipe.auth.reviewer;
    const note = { group: '', resource: 'secrets', verb: 'patch', phase: 'apply' as const, of: path };
    return [
      read,
      { system: 'vault', path, capabilities: ['update'], phase: 'apply', of: path },
      ...(secret ? [{ system: 'kubernetes' as const, ...note, ...secret }] : []),
    ];
  },

  resources: (target) => {
    const { recipe } = target;
    const { secret } = recipe.auth.reviewer;
    return [
      {
        system: 'vault',
        address: configAddress(recipe.auth.path),
        desired: configDocument(target),
        inside: mountAddress(recipe.auth.path),
        needs: [...(secret ? [secretAddress(secret)] : []), hostAddress(target.cluster.host)],
        at: recipe.auth.at,
      },
    ];
  },

  observe: async (reading, { address }, target) => {
    const config = await reading.vault.read(address);
    return config && { ...config, token_reviewer_jwt: await storedToken(reading, config, target.recipe) };
  },

  diff: (resource, observed, target) => diffConfig(resource, observed, target.recipe),

  apply: async (session, { address, desired }, target) => {
    const observed = (await session.vault.read(address)) ?? {};
    const secret = await findReviewerSecret(session.kubernetes, target.recipe);
    const token = secret?.token ?? new Secret('');
    if (secret && token.empty) throw notFilled(secret);
    const document = {
      ...outsideOurTable(observed, target),
      ...known(desired, target),
      token_reviewer_jwt: token.reveal(),
    };
    await session.vault.write(address, document);
    if (secret) await noteWritten(session, secret, target.recipe);
  },
});

function diffConfig({ desired }: ConfigResource, observed: State | undefined, recipe: Recipe): Change {
  const { manage, path, type } = recipe.auth;
  if (!observed && manage === 'none')
    return {
      action: 'blocked',
      code: 'auth-config-missing',
      reason: `${authAddress(path)} has no configuration, and the recipe says manage: none`,
      fix: [{ why: 'ask the team that owns this mount to configure it' }],
    };
  if (observed && manage !== 'full')
    return {
      action: 'none',
      because: { code: 'not-managed', message: `exists; manage: ${manage} leaves it as it is` },
    };
  const fields = diffFields(type.config, desired, observed);
  if (observed && fields.length === 0) return { action: 'none' };
  const clears = fields.some((one) => one.field === 'token_reviewer_jwt' && one.after === tokenStates.none && observed);
  return {
    action: observed ? 'update' : 'create',
    fields,
    ...(clears ? { note: 'clears the stored reviewer token' } : {}),
  };
}

function notFilled(secret: TokenSecret): FailedError {
  return new FailedError({
    code: 'token-secret-not-filled',
    subject: secretAddress(secret),
    message: `${secretAddress(secret)} holds no token; nothing was written to Vault`,
    fix: [
      {
        why: 'the controller manager fills it a moment after it is made; see what it says',
        command: kubectl('describe secret', [secret.name], { namespace: secret.namespace }),
      },
    ],
  });
}

/** Fields this server has and our table does not are sent back as they were, because a write replaces the document. */
function outsideOurTable(observed: State, { recipe }: Target): State {
  return Object.fromEntries(
    Object.entries(observed).filter(
      ([name]) => !(name in recipe.auth.type.config) && name !== 'token_reviewer_jwt_set',
    ),
  );
}

/** The document for this product: OpenBao has no use_annotations_as_alias_metadata and warns about it. */
function known(desired: JudgedConfig, { recipe, vault }: Target): State {
  const whole = Object.fromEntries(
    Object.entries(recipe.auth.type.config).map(([name, field]) => [
      name,
      desired[name as keyof JudgedConfig] ?? field.default,
    ]),
  );
  if (vault.product === 'openbao') delete whole['use_annotations_as_alias_metadata'];
  return whole;
}

/** Only on the Secret whose token was written: one made anew since has another uid, and the read-back shows that. */
async function noteWritten({ vault, kubernetes }: Session, secret: TokenSecret, recipe: Recipe) {
  const mount = await findAuthMount(vault, recipe.auth.path);
  if (!mount) return;
  const set = { annotations: { [writtenTo(mount.accessor)]: secret.uid } };
  await writeAsRead(secretAddress(secret), kubernetes, async () => {
    const of = await findReviewerSecret(kubernetes, recipe);
    return of?.uid === secret.uid ? await kubernetes.update({ kind: 'Secret', of, set }) : 'in-place';
  });
}
