import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { finding, report } from '../../../src/model/report.ts';
import { markdown } from '../../../src/output/reports/markdown.ts';
import { expectGolden } from '../../golden.ts';
import { anyReported, everything, reported } from './reported.ts';

/** GitHub's and GitLab's Markdown: HTML passes, addresses become links, tables are known. */
const parser = new MarkdownIt({ html: true, linkify: true });

/** What is not code: kinds of blocks and spans, and the words between. */
function structure(text: string): { types: string[]; words: string } {
  const tokens = parser.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  const words = tokens.filter(({ type }) => type === 'text').map(({ content }) => content);
  return { types: [...new Set(tokens.map(({ type }) => type))], words: words.join(' ') };
}

const known = [
  ...['heading_open', 'heading_close', 'inline', 'text', 'code_inline', 'fence', 'html_block', 'softbreak'],
  ...[
    'paragraph_open',
    'paragraph_close',
    'bullet_list_open',
    'bullet_list_close',
    'list_item_open',
    'list_item_close',
  ],
];

/** The words that are ours. */
const ours =
  /^(?:[\s✓✗()0-9,.:…]|vaultbind|verify|plan|not as it should be|to change|to create|created|done|good|with warnings|ok|changed|pending|failed|blocked|skipped|warnings?|Warnings|asked only|Asked only|not tried|Not looked at|Chain|existed before|certain|likely|possible|the object is not as the recipe has it)*$/;

describe('markdown', () => {
  it('keeps its shape', () => expectGolden('report/everything.md', markdown(everything)));

  it('begins with a hidden marker and the verdict', () => {
    const [marker, verdict] = markdown(everything).split('\n');
    expect(marker).toBe('<!-- vaultbind verify article.yaml -->');
    expect(verdict).toBe('### ✗ vaultbind verify `article`: not as it should be');
  });

  it('shows every text of a recipe or server as code, whatever it is', () => {
    fc.assert(
      fc.property(anyReported, (one) => {
        const text = markdown(one);
        const { types, words } = structure(text);
        expect(types.filter((type) => !known.includes(type))).toEqual([]);
        expect(words).toMatch(ours);
        const html = parser.parse(text, {}).filter(({ type }) => type === 'html_block');
        expect(html).toHaveLength(1);
        expect(html[0]?.content).toMatch(/^<!-- [A-Za-z0-9 ./_-]* -->\n$/);
      }),
      { numRuns: 300 },
    );
  });

  it('never shows the sides of a sensitive field that are no description', () => {
    const fields = [{ field: 'token_reviewer_jwt', before: 'old-value', after: 'new-value', sensitive: true }];
    const one = finding({
      code: 'to-update',
      subject: 'auth/k/config',
      status: 'pending',
      message: 'to update',
      fields,
    });
    const text = markdown(reported(report({ command: 'plan', findings: [one] })));
    expect(text).not.toContain('value');
    expect(text).toContain('- token_reviewer_jwt: (set)\n+ token_reviewer_jwt: (changed)');
  });

  it('fits into a comment of GitHub, and says what is left out', () => {
    const policy = 'path "a" {\n  capabilities = ["read"]\n}\n'.repeat(1000);
    const findings = Array.from({ length: 500 }, (_, index) =>
      finding({
        ...{ code: 'to-create', subject: `sys/policies/acl/p${index}`, status: 'pending', message: 'to create' },
        fields: [{ field: 'policy', after: policy }],
      }),
    );
    const text = markdown(reported(report({ command: 'plan', findings })));
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    expect(text).toContain('more lines');
    expect(text).toMatch(/… and \d+ more, for which there is no room here/);
    expect(structure(text).types.filter((type) => !known.includes(type))).toEqual([]);
  });
});
