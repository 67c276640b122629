import type { Causes } from './literal.ts';

const denied = 'The login works; the read is 403 `permission denied`';

/** After the login: policies, secrets engine, the token's life. */
export const policy = {
  'policy-missing': {
    stage: 'policy',
    looksLike: `${denied}, although the token lists the policy.`,
    why: 'The role names a policy that does not exist. Vault takes any name, and gives nothing for it.',
    tellApart: {
      'policy-not-attached': 'there the policy exists and the role does not name it, or it does not speak of the path',
    },
    mend: 'Write the policy, or correct its name on the role. Policy names are stored in lower case.',
  },
  'policy-not-attached': {
    stage: 'policy',
    looksLike: `${denied}; the token has only \`default\`, or policies about other paths.`,
    why: 'No policy of the role speaks of the path. An identity group or a second role may have been meant.',
    tellApart: {
      'policy-missing': 'there the role names the policy, and it does not exist',
      'policy-path-lacks-data': 'there a policy speaks of the path as `vault kv get` writes it',
      'role-unknown-field': 'there the policies were written into a field that Vault ignores',
    },
    mend: 'Name the policy in `token_policies` of the role, or add the path to one that is there. The change counts for logins after it.',
  },
  'policy-invalid': {
    stage: 'policy',
    looksLike: '400 `failed to parse policy`.',
    why: 'The text is no policy: a missing quote, `"read, list"` as one word, an unknown capability. Guides lose `path` before the quoted path.',
    tellApart: { 'policy-not-attached': 'there the policy is valid and says something else' },
    mend: '`vaultbind validate -f RECIPE` names line and column.',
  },
  'policy-path-lacks-data': {
    stage: 'policy',
    looksLike: `${denied}, although the policy names the path that \`vault kv get\` takes.`,
    why: 'The API path of KV version 2 has `data/` right after the mount: `secret/data/app`, not `secret/app`, nor `secret/app/data`. The command line adds it by itself.',
    tellApart: {
      'policy-path-lacks-metadata': 'there it is a list, or a delete of all versions',
      'secrets-engine-version': 'there the engine is version 1 and must not have it',
    },
    mend: 'Write `secret/data/…` in the policy, and in clients that speak HTTP.',
  },
  'policy-path-lacks-metadata': {
    stage: 'policy',
    looksLike: 'Reading works; `vault kv list` is 403.',
    why: 'KV version 2 lists `secret/metadata/…`. `list` on a data path gives nothing.',
    tellApart: { 'policy-path-lacks-data': 'there reading fails' },
    mend: 'Add a rule with `list` for `secret/metadata/PATH/*`, and for `secret/metadata/PATH` itself.',
  },
  'policy-glob-misses': {
    stage: 'policy',
    looksLike: `${denied}, although a rule with \`*\` or \`+\` looks as if it fitted.`,
    why: '`*` counts only as the last character, and `app/*` does not fit `app` itself; `+` stands for exactly one part of the path.',
    tellApart: { 'policy-denied-by-other': 'there the rule fits, and a more exact one says deny' },
    mend: 'Use `+` inside the path and `*` at its end; write a second rule for the parent path.',
  },
  'policy-denied-by-other': {
    stage: 'policy',
    looksLike: `${denied}, although a rule allows the path.`,
    why: 'Another rule, perhaps of another policy, denies it. The most exact path counts; on one path, deny wins over all.',
    tellApart: { 'policy-glob-misses': 'there no rule denies' },
    mend: 'Take the denying rule away, or the path out of it. `vault token capabilities TOKEN PATH` shows what holds.',
  },
  'policy-capability-missing': {
    stage: 'policy',
    looksLike: `${denied}, although a rule names the path.`,
    why: 'The rule that counts for the path gives other capabilities. `list` does not read, `update` does not create.',
    tellApart: { 'policy-denied-by-other': 'there another rule would allow it, and a closer one counts' },
    mend: 'Add the capability to the rule.',
  },
  'policy-template-unresolved': {
    stage: 'policy',
    looksLike: `${denied} for a path with \`{{identity.…}}\` in the policy.`,
    why: 'The template names the accessor of another mount, or a field this login does not have. A rule with an empty template gives nothing.',
    tellApart: { 'policy-not-attached': 'there no template is involved' },
    mend: "Use this mount's accessor (`vault auth list`; in a recipe `${accessor}`), and fields that kubernetes logins have: `metadata.service_account_name`, `metadata.service_account_namespace`.",
  },
  'secret-missing': {
    stage: 'secret',
    looksLike: '404 on the read; an agent template waits for ever; `no secret exists at`.',
    why: 'The path is allowed and nothing is stored there: never written, deleted, or under another key.',
    tellApart: {
      'secrets-engine-missing': 'there nothing is mounted where the path leads',
      'secrets-engine-version': 'there `data/` is one part of the path too many or too few',
    },
    mend: '`vault kv put PATH key=value`; `vault kv metadata get PATH` shows whether a version was deleted, and `vault kv undelete` brings it back.',
  },
  'secrets-engine-missing': {
    stage: 'secret',
    looksLike: '403, or 404 `no handler for route`, for every secret below the mount.',
    why: 'No secrets engine is enabled where the path leads: a typo, or one in another Vault namespace.',
    tellApart: {
      'policy-not-attached': 'there the engine exists',
      'secret-missing': 'there the engine exists, and holds nothing at the path',
    },
    mend: '`vault secrets list` shows the mounts. Correct the path, or enable the engine.',
  },
  'secrets-engine-version': {
    stage: 'secret',
    looksLike: '404 for a path with `data/`, or `Invalid path for a versioned K/V secrets engine`.',
    why: 'The path is written for KV version 2 and the engine is version 1, or the reverse. Templates differ as well: `.Data.key` and `.Data.data.key`.',
    tellApart: {
      'policy-path-lacks-data': 'there only the policy has the wrong path',
      'secret-missing': 'there the path has the right form',
    },
    mend: '`vault secrets list -detailed` shows the version under Options. Write policy, client and template for it.',
  },
  'token-ttl-capped': {
    stage: 'secret',
    looksLike:
      "The application loses access before the role's `token_ttl` is over; a warning `TTL of … exceeded the effective max_ttl`.",
    why: "The mount's or the system's `max_lease_ttl` is shorter than what the role asks, 32 days where nothing is set.",
    tellApart: { 'token-used-up': 'there the token ends by uses, not by time' },
    mend: 'Log in again in time, tune the mount, or use `token_period` for programs that run for ever.',
  },
  'token-used-up': {
    stage: 'secret',
    looksLike: 'The first requests work, then each is 403 `permission denied`, with the same token.',
    why: '`token_num_uses` of the role counts every request, also lookups and renewals.',
    tellApart: {
      'token-ttl-capped': 'there time has passed',
      'policy-not-attached': 'there the first request already fails',
    },
    mend: 'Raise or clear `token_num_uses`, or log in again for each piece of work.',
  },
} satisfies Causes;
