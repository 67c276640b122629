import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { heredoc, word } from '../src/shell.ts';

const run = (script: string) => execFileSync('bash', ['-c', script], { encoding: 'utf8' });

describe('words and texts in commands to copy', () => {
  it.each(['plain', 'two words', "it's", '$(touch x)', '`id`', 'a;b', '*', 'a\nb', ''])('%j is one word', (text) => {
    expect(run(`printf %s ${word(text)}`)).toBe(text);
  });

  it.each(['path "a" {}', 'one\nEOF\nrm -rf "$HOME"', 'EOF\nEOF_\nEOF__', '$(id) `id` \\ "quoted"'])(
    '%j reaches the command as it is',
    (text) => {
      expect(run(heredoc('cat', text))).toBe(`${text}\n`);
      expect(run(heredoc('cat', text, 'tr a-z A-Z'))).toBe(`${text.toUpperCase()}\n`);
    },
  );
});
