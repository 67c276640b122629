import fc from 'fast-check';
import { vaultbind } from '../../../src/model/commands.ts';
import { type Printed, shownFix } from '../../../src/model/printed.ts';
import { type Finding, finding, type Report, report, type Status } from '../../../src/model/report.ts';
import { cleaned } from '../../../src/output/reports/clean.ts';
import type { Reported } from '../../../src/output/reports/reported.ts';
import { mixed, servers } from '../mixed.ts';

const asIs = (text: string) => text;

/** As the command line hands a report to a kind. */
export function reported(one: Report, files = ['article.yaml']): Reported {
  return cleaned({ report: one, files }, asIs);
}

/** A report with every status, a chain, warnings and a cause. */
export const everything = reported({
  ...mixed,
  findings: [
    ...mixed.findings,
    finding({
      step: 'bind-role',
      code: 'created',
      subject: 'auth/kube-policy/role/new',
      status: 'created',
      message: 'created',
      fields: [{ field: 'token_ttl', after: 3600 }],
      milliseconds: 1234.5,
    }),
    finding({
      code: 'root-token',
      subject: 'auth/token',
      status: 'warning',
      message: 'a root token is in use',
      fix: [{ why: 'use a token with fewer rights' }],
    }),
    finding({
      step: 'login',
      code: 'not-reached',
      subject: 'ServiceAccount default/other',
      status: 'skipped',
      message: 'not reached',
    }),
    finding({
      code: 'reviewer-forbidden',
      cause: 'reviewer-forbidden',
      subject: 'ServiceAccount default/vault-reviewer',
      status: 'failed',
      message: 'the token reviewer may not create tokenreviews',
    }),
  ],
  causes: [
    {
      cause: 'reviewer-forbidden',
      certainty: 'certain',
      subject: 'ServiceAccount default/vault-reviewer',
      evidence: [{ experiment: "Vault's log", said: 'tokenreviews is forbidden' }],
      fix: [shownFix({ why: 'bind it', command: vaultbind('step bind-delegator', { f: 'article.yaml' }) })],
    },
  ],
});

/** What a stranger would write into a recipe, hoping that it is obeyed where the report is shown. */
export const hostile = [
  '</failure></testcase><testcase name="all good"/>',
  ']]>&evil;<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
  '"><img src=x onerror=alert(1)>',
  '\n::set-output name=x::y\n::add-mask::a\n##[add-mask]b\n',
  '%0A::error::x',
  '\r\n::stop-commands::x\r\n',
  '```\n# heading\n[click](https://evil.example)\n<script>x</script>\n~~~\n````diff',
  '`` ` `` @everyone #1 https://evil.example | x | ![i](https://evil.example/i.png)',
  '--><h1>x</h1><!--',
  '[text](1) {0} ](https://evil.example)',
  '* list\n\n> quote\n\n    code\n\n---\n',
  'a\u0000b\u001b[31mc\u202ed\u2066e\ud800f\ufffeg\u200bh\u2028i',
  '&lt;b&gt;&#64;',
];

const text = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...hostile, '\n', '`', '<', '::', ' '), { maxLength: 6 }).map((parts) => parts.join('')),
);

const statuses: Status[] = ['ok', 'asked', 'created', 'updated', 'pending', 'warning', 'failed', 'skipped', 'blocked'];
const evidence = fc.array(fc.record({ experiment: text, said: text }), { maxLength: 2 });
const fix = fc.array(fc.record({ why: text, command: text.map((one) => one as Printed) }), { maxLength: 2 });
const file = text.filter((name) => name !== '');
const place = fc.record({
  file,
  line: fc.integer({ min: 1, max: 999 }),
  column: fc.integer({ min: 1, max: 99 }),
});

const anyFinding: fc.Arbitrary<Finding> = fc.record({
  step: fc.option(text),
  code: fc.constantFrom('in-place', 'to-update', 'drift', 'login-refused', 'recipe-value'),
  cause: fc.constant(null),
  subject: text,
  status: fc.constantFrom(...statuses),
  adopted: fc.boolean(),
  message: text,
  evidence,
  fix,
  fields: fc.array(
    fc.record({ field: text, before: fc.oneof(text, fc.jsonValue()), after: fc.oneof(text, fc.array(text)) }),
    { maxLength: 3 },
  ),
  at: fc.option(place),
  milliseconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
});

/** Reports in which every text is a stranger's. */
export const anyReported: fc.Arbitrary<Reported> = fc
  .record({
    findings: fc.array(anyFinding, { maxLength: 5 }),
    name: text,
    files: fc.array(file, { minLength: 1, maxLength: 2 }),
    link: text,
    ok: fc.boolean(),
  })
  .map(({ findings, name, files, link, ok }) => {
    const links = [{ link: 'role', subject: link, status: 'failed' as const }];
    const chain = [{ role: name, service_account: link, links }];
    const causes = [{ cause: 'drift' as const, certainty: 'certain' as const, subject: link, evidence: [], fix: [] }];
    const made = report({
      command: 'verify',
      recipe: { name, files },
      servers,
      findings,
      chain,
      causes: ok ? [] : causes,
    });
    return reported(made, files);
  });
