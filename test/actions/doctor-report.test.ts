import { describe, expect, it } from 'vitest';
import { doctorReport } from '../../src/actions/doctor/report.ts';
import { causes } from '../../src/codes.ts';
import type { Examination } from '../../src/facts/examination.ts';
import { exitCodeOf } from '../../src/model/report.ts';
import { bare, examination, fact, hidden, refused, withoutRecipe } from '../causes/healthy.ts';

const bound = { bound_service_account_names: ['my-sa'], bound_service_account_namespaces: ['a'] };
const forbidden = { mayReview: fact({ allowed: false, reason: '' }), login: bare(null) };

describe("the doctor's report", () => {
  it('of healthy logins says each, and how long it took', () => {
    const { ok, findings, causes: named } = doctorReport([examination({ milliseconds: 21 })], undefined);
    expect(ok).toBe(true);
    expect(named).toEqual([]);
    const found = findings.filter(({ status }) => status === 'ok');
    expect(found).toMatchObject([
      { code: 'healthy', subject: 'ServiceAccount a/my-sa as auth/k/role/app', milliseconds: 21 },
    ]);
  });

  it('tells what differs from the recipe once, with the cause that it explains, whichever login meets it', () => {
    const fields = [{ field: 'bound_service_account_names', before: ['x'], after: ['my-sa'] }];
    const drift = [{ address: 'auth/k/role/app', step: 'bind-role', action: 'update' as const, fields }];
    const wrong = {
      role: fact({ ...bound, bound_service_account_names: ['x'] }),
      login: refused('service account name not authorized'),
      drift,
    };
    const stranger = examination({ ...wrong, patient: { ...examination().patient, stranger: true } });
    const { causes: named } = doctorReport([examination(wrong), stranger], undefined);
    expect(named.map(({ cause }) => cause)).toEqual(['service-account-not-bound']);
  });

  it('says with what a login was tested, since another audience may not be good', () => {
    const message = (change: Parameters<typeof examination>[0], make = examination) =>
      doctorReport([make(change)], undefined).findings.find(({ code }) => code === 'healthy')?.message;
    const uses = { role: fact({ audience: 'vault', token_policies: ['app'], token_num_uses: 1, ...bound }) };
    expect(message({})).toContain("tested with a token for vault; Vault's token lives 3600 s");
    expect(message(uses, withoutRecipe)).toContain('3600 s, 1 use; if your Pod');
    expect(message({}, withoutRecipe)).toContain('give it with --jwt-file');
  });

  it('does not call healthy what it could not look at, and names nothing', () => {
    const result = doctorReport([examination({ login: hidden() })], undefined);
    expect(result.findings.map(({ code }) => code)).not.toContain('healthy');
    expect(result.causes).toEqual([]);
    expect(result.findings.filter(({ status }) => status === 'skipped').map(({ message }) => message)).toContain(
      'the login: unknown, because this token may not',
    );
  });

  it('says what a cause is in the finding, and how sure it is in the cause', () => {
    const result = doctorReport([examination(forbidden)], undefined);
    expect(result.findings[0]).toMatchObject({
      code: 'reviewer-forbidden',
      cause: 'reviewer-forbidden',
      status: 'failed',
      message: causes['reviewer-forbidden'],
    });
    expect(result.causes[0]).toMatchObject({ cause: 'reviewer-forbidden', certainty: 'certain' });
    expect(Object.keys(result.causes[0] ?? {})).toEqual(['cause', 'certainty', 'subject', 'evidence', 'fix']);
    expect(result.findings[0]?.at).toEqual(examination().patient.recipe?.auth.reviewer.at);
    expect(exitCodeOf(result)).toBe(1);
  });

  it('reads the lists of a recipe as often for many logins as for two', () => {
    const reads = (logins: number) => {
      const [found, { recipe }] = [examination(), examination().patient];
      let count = 0;
      const counted = new Proxy(recipe ?? {}, {
        get: (all, key) => {
          if (['roles', 'policies', 'expect'].includes(String(key))) count += 1;
          return Reflect.get(all, key);
        },
      });
      const one = { ...found, patient: { ...found.patient, recipe: counted as NonNullable<typeof recipe> } };
      doctorReport(Array<Examination>(logins).fill(one), recipe);
      return count;
    };
    expect(reads(20)).toBe(reads(2));
    expect(reads(2)).toBeGreaterThan(0);
  });

  it('tells one thing that breaks several logins once, and draws each chain', () => {
    const result = doctorReport([examination(forbidden), examination(forbidden)], undefined);
    expect(result.causes).toHaveLength(1);
    expect(result.chain).toHaveLength(2);
  });

  it('does not tell a cause again among what is unknown', () => {
    const result = doctorReport(
      [examination({ health: hidden('vault-unreachable'), login: hidden('vault-unreachable') })],
      undefined,
    );
    expect(result.causes.map(({ cause }) => cause)).toEqual(['vault-unreachable']);
    expect(result.findings.filter(({ code }) => code === 'vault-unreachable')).toHaveLength(1);
  });
});
