import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { call } from '../../src/model/commands.ts';
import { finding, type Report, report } from '../../src/model/report.ts';
import { escaped, firstUnseen, replaceUnseen } from '../../src/model/unseen.ts';
import { doctorText } from '../../src/output/doctor.ts';
import { human } from '../../src/output/human.ts';
import { jsonText, reportJson } from '../../src/output/json.ts';
import { problemsText } from '../../src/output/problems.ts';
import { cleaned } from '../../src/output/reports/clean.ts';
import { type ReportKind, reportKinds } from '../../src/output/reports/kinds.ts';
import { tokenReviews } from '../../src/output/token-reviews.ts';
import { wizardText } from '../../src/output/wizard.ts';
import { shown, unprintableIn } from '../../src/recipe/text.ts';

/**
 * No output of any kind holds a character that cannot be seen, turns text, or steers a terminal, whoever wrote it; JSON
 * escapes it, so that who parses it has the text as it was. The set is one, and recipes may not hold it either.
 */
const everyOne = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).filter(
  (one) => firstUnseen(one) !== undefined,
);
/** The unassigned ones are too many to say each to every output. */
const spoken = everyOne.filter((one) => !/\p{Cn}/u.test(one) || /[\u{fff0}-\u{ffff}\u{e0000}-\u{e0010}]/u.test(one));
const steering =
  /(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]|[\u00ad\u061c\u115f\u180e\u200b\u2060\u3164\ufeff\ufff9\ufffe]|[\u{e0001}-\u{e01ef}]/u;

const text = `a${spoken.join('b')}c`;
const dirty: Report = report({
  command: 'plan',
  recipe: { name: text, files: [text] },
  findings: (['pending', 'failed', 'ok', 'warning', 'skipped', 'blocked', 'created', 'updated'] as const).map(
    (status) =>
      finding({
        ...{ step: 'review-token', code: 'to-update', subject: text, status, message: text, at: null },
        fields: [{ field: text, before: text, after: `${text}\n${text}` }],
        evidence: [{ experiment: text, said: text }],
        fix: [{ why: text, command: call(text) }],
      }),
  ),
  chain: [],
});
const style = { color: false, unicode: true, width: 80, wraps: false, verbose: true };

describe('the set', () => {
  it('has every control, bidi mark and invisible character, and not what scripts and emoji need', () => {
    expect(everyOne.join('')).toMatch(steering);
    for (const one of '\u0000\u001b\u007f\u0085\u009b\u00ad\u061c\u115f\u200b\u200e\u202e\u2060\u2066\u2028\u3164\ufeff\ufff9')
      expect([one.codePointAt(0), everyOne.includes(one)]).toEqual([one.codePointAt(0), true]);
    for (const one of ['\t', '\n', ' ', 'a', 'ż', '漢', '\u200c', '\u200d', '\u{1f469}', '\ufe0f'])
      expect(everyOne).not.toContain(one);
  });

  it('is refused in a recipe, each by its digits', () => {
    const wrong = spoken.filter((one) => one !== '\r' && unprintableIn(`a${one}`, 'block')?.character !== escaped(one));
    expect(wrong).toEqual([]);
    for (const one of ['\t', '\n', '\r']) expect(unprintableIn(`a${one}`, 'line')?.character).toBe(escaped(one));
    for (const one of ['\t', '\n', '\r', '\u200d']) expect(unprintableIn(`a${one}`, 'block')).toBeUndefined();
  });

  it('is quoted in messages', () => {
    for (const one of spoken) expect(shown(one)).toBe(`"${escaped(one)}"`);
  });
});

describe('no output holds any of it:', () => {
  const outputs: [string, () => string | Promise<string>][] = [
    ['human', () => human(dirty, style)],
    ['doctor', () => doctorText(dirty, style)],
    ['json', () => reportJson(dirty)],
    ['TokenReview as YAML', () => tokenReviews(dirty)],
    ['errors', () => problemsText(new InputError({ code: 'usage', subject: text, message: text }), style)],
    ['a fact of the wizard', () => wizardText({ fact: text }, style)],
    ['a warning of the wizard', () => wizardText({ warning: text }, style)],
    ...Object.entries(reportKinds).flatMap(([kind, named]: [string, ReportKind]) => {
      const one = cleaned({ report: dirty, files: [text] }, (same) => same);
      return [
        [`${kind} file`, async () => (await named.load()).file(one)],
        [`${kind} log`, async () => (await named.load()).log?.(one) ?? ''],
      ] as [string, () => Promise<string>][];
    }),
  ];
  it.each(outputs)('%s', async (_what, output) => {
    const said = await output();
    expect(replaceUnseen(said, escaped) === said && !steering.test(said)).toBe(true);
  });

  it('JSON is the same value when it is read', () => {
    const said = `${everyOne.join('|')}\ttab\nline`;
    expect(JSON.parse(jsonText({ said })).said === said).toBe(true);
    expect(jsonText({ a: '\u009b\u202e\u{e0041}' })).toBe('{\n  "a": "\\u009b\\u202e\\udb40\\udc41"\n}\n');
  });
});
