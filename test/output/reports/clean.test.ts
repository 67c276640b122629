import { describe, expect, it } from 'vitest';
import { report } from '../../../src/model/report.ts';
import { cleaned } from '../../../src/output/reports/clean.ts';
import { type ReportKind, type ReportKindName, reportKinds } from '../../../src/output/reports/kinds.ts';
import { everything, hostile, reported } from './reported.ts';

describe('cleaned', () => {
  it.each([
    ['what a terminal obeys', 'a\u001b[31mb\u0007\u009b', 'a\ufffd[31mb\ufffd\ufffd'],
    ['what turns the direction of text', 'a\u202eb\u2066c\u200f', 'a\ufffdb\ufffdc\ufffd'],
    ['what cannot be seen', 'a\u200bb\ufeffc\u{e0041}', 'a\ufffdb\ufffdc\ufffd'],
    ['half of a pair', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['other line ends', 'a\r\nb\u2028c\rd', 'a\nb\ufffdc\ufffdd'],
  ])('replaces %s', (_what, text, clean) => {
    expect(reported(report({ command: text, findings: [] })).report.command).toBe(clean);
  });

  it('leaves other scripts, signs and joiners alone', () => {
    const text = 'żółć 漢字 \u{1f469}\u200d\u{1f4bb} ✗\n\tx';
    expect(reported(report({ command: text, findings: [] })).report.command).toBe(text);
  });

  it('takes secrets out of every text', () => {
    const { report: one } = cleaned(everything, (text) => text.replaceAll('my-sa', '***'));
    expect(JSON.stringify(one)).not.toContain('my-sa');
  });

  it.each(Object.keys(reportKinds) as ReportKindName[])('so %s has none of it', async (kind) => {
    const dirty = everything.report.findings.map((one) => ({ ...one, message: hostile.join(' ') }));
    const named: ReportKind = reportKinds[kind];
    const { file, log = file } = await named.load();
    const one = reported({ ...everything.report, findings: dirty });
    for (const text of [file(one), log(one)]) expect(text).not.toMatch(/(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Cn}]/u);
  });
});
