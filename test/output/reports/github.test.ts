import { error, notice, warning } from '@actions/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { alertsOf } from '../../../src/output/reports/alerts.ts';
import { annotations } from '../../../src/output/reports/github.ts';
import type { Reported } from '../../../src/output/reports/reported.ts';
import { details, headline } from '../../../src/output/reports/words.ts';
import { expectGolden } from '../../golden.ts';
import { anyReported, everything } from './reported.ts';

/** What GitHub's own library writes for the same. */
function theirs(one: Reported): string {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  try {
    for (const { finding, level, at } of alertsOf(one)) {
      const place = at ? { file: at.file, startLine: at.line, startColumn: at.column } : {};
      const text = [headline(finding), ...details(finding)].join('\n');
      const say = { error, warning, note: notice }[level];
      say(text, { title: `vaultbind: ${finding.code}`, ...place });
    }
  } finally {
    write.mockRestore();
  }
  return lines.join('');
}

/** Properties may come in any order. */
function sorted(text: string): string[] {
  return text.split('\n').map((line) => {
    const [, level = '', properties = '', data = ''] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
    return [level, properties.split(',').sort().join(','), data].join('|');
  });
}

describe('github', () => {
  afterEach(() => vi.restoreAllMocks());

  it('keeps its shape', () => expectGolden('report/everything.github.txt', annotations(everything)));

  it("says it as GitHub's own library does, one command a line, whatever the texts are", () => {
    fc.assert(
      fc.property(anyReported, (one) => {
        const ours = annotations(one);
        expect(sorted(ours)).toEqual(sorted(theirs(one)));
        const lines = ours.split('\n').slice(0, -1);
        expect(lines).toHaveLength(alertsOf(one).length);
        for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) /);
      }),
    );
  });
});
