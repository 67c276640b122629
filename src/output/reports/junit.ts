import type { Finding, Report } from '../../model/report.ts';
import { serversLine } from '../servers.ts';
import { verdictOf } from '../verdict.ts';
import type { Reported } from './reported.ts';
import { details, fieldWords, headline } from './words.ts';

interface Case {
  name: string;
  suite: string;
  seconds: number;
  result: 'passed' | 'failed' | 'skipped';
  /** What failed, in one word. */
  type: string;
  /** One line. */
  message: string;
  /** All there is to say. */
  text: string;
  at: Finding['at'];
}

/** JUnit XML: one suite a step, one test case a finding. A run that is not ok has a failing case. */
export function junit({ report }: Reported): string {
  const cases = casesOf(report);
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  const name = ['vaultbind', report.command, report.recipe?.name ?? ''].join(' ').trim();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name, ...countsOf(cases) })}>`,
    ...suites.flatMap((suite) =>
      suiteLines(
        suite,
        cases.filter((one) => one.suite === suite),
        serversLine(report),
      ),
    ),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(suite: string, cases: Case[], where: string): string[] {
  const property = attributes({ name: 'servers', value: where });
  return [
    `  <testsuite ${attributes({ name: suite, ...countsOf(cases) })}>`,
    ...(where === '' ? [] : ['    <properties>', `      <property ${property}/>`, '    </properties>']),
    ...cases.flatMap((one) => caseLines(one).map((line) => `    ${line}`)),
    '  </testsuite>',
  ];
}

function countsOf(cases: Case[]): Record<string, string> {
  const count = (result: Case['result']) => String(cases.filter((one) => one.result === result).length);
  const time = cases.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3);
  return { tests: String(cases.length), failures: count('failed'), errors: '0', skipped: count('skipped'), time };
}

function casesOf(report: Report): Case[] {
  const names = new Map<string, number>();
  const cases = report.findings.map((finding): Case => {
    const suite = `vaultbind.${report.command.replaceAll(' ', '-')}.${finding.step ?? 'run'}`;
    const name = finding.subject === '' ? finding.code : finding.subject;
    const times = (names.get(`${suite}\n${name}`) ?? 0) + 1;
    names.set(`${suite}\n${name}`, times);
    return {
      name: times === 1 ? name : `${name} (${times})`,
      suite,
      seconds: Math.max(0, finding.milliseconds) / 1000,
      result: resultOf(finding),
      type: finding.code,
      message: headline(finding),
      text: [headline(finding), ...fieldWords(finding), ...details(finding)].join('\n'),
      at: finding.at,
    };
  });
  const told = report.ok ? cases.length > 0 : cases.some(({ result }) => result === 'failed');
  return told ? cases : [...cases, wholeRun(report)];
}

/** For a run that failed without a failed finding, such as an interrupted one, and for one without findings. */
function wholeRun(report: Report): Case {
  const suite = `vaultbind.${report.command.replaceAll(' ', '-')}.run`;
  const message = `${report.command}: ${verdictOf(report)}`;
  const result = report.ok ? 'passed' : 'failed';
  return { name: 'the whole run', suite, seconds: 0, result, type: 'run', message, text: message, at: null };
}

function resultOf({ status }: Finding): Case['result'] {
  if (status === 'failed' || status === 'blocked') return 'failed';
  // A test that was not run: what was asked only is not proved.
  return status === 'skipped' || status === 'asked' ? 'skipped' : 'passed';
}

function caseLines({ name, suite, seconds, result, type, message, text, at }: Case): string[] {
  const place: Record<string, string> = at ? { file: at.file, line: String(at.line) } : {};
  const open = attributes({ classname: suite, name, time: seconds.toFixed(3), ...place });
  if (result === 'skipped') return [`<testcase ${open}>`, `  <skipped ${attributes({ message })}/>`, '</testcase>'];
  if (result === 'failed')
    return [
      `<testcase ${open}>`,
      `  <failure ${attributes({ type, message })}>${escaped(text)}</failure>`,
      '</testcase>',
    ];
  return [`<testcase ${open}>`, `  <system-out>${escaped(text)}</system-out>`, '</testcase>'];
}

function attributes(of: Record<string, string>): string {
  return Object.entries(of)
    .map(([name, value]) => `${name}="${escaped(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`)
    .join(' ');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
