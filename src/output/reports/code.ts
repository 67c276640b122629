/**
 * Text from outside stands in code spans and fences alone: nothing is interpreted there, neither Markdown and HTML nor
 * mentions, issue numbers and addresses, which GitHub and GitLab turn into links after the Markdown is rendered.
 */
export function span(text: string): string {
  const line = text.replaceAll(/[^\P{White_Space} ]+/gu, ' ').trim();
  if (line === '') return '`(none)`';
  const ticks = '`'.repeat(longestRun(line) + 1);
  return longestRun(line) > 0 ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`;
}

export function fence(language: 'diff' | 'text' | 'sh', lines: string[]): string {
  const text = lines.join('\n');
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
