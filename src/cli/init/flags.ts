import { type Command, Option } from 'commander';
import type { InitOptions } from '../../actions/init/unattended-line.ts';
import { pagesFor } from '../../wizard/pages/index.ts';
import type { Question } from '../../wizard/question.ts';

export const questions: Question[] = pagesFor({}).flatMap((page) => page.questions);

/** One flag a question, of the same list that a conversation walks. */
export function addAnswerFlags(command: Command): Command {
  for (const { flag, message, many } of questions) {
    const option = new Option(flag, many ? `${message} Repeatable.` : message);
    if (command.options.some(({ long }) => long === option.long)) continue;
    command.addOption(many ? option.argParser(several) : option);
  }
  return command;
}

/** What was said by flags, by the flag's words. */
export function givenAnswers(options: InitOptions): Map<string, string[]> {
  const given = new Map<string, string[]>();
  for (const { flag } of questions) {
    const value = options[new Option(flag).attributeName()];
    if (typeof value === 'string') given.set(flag, [value]);
    else if (Array.isArray(value) && value.length > 0) given.set(flag, value.map(String));
  }
  return given;
}

function several(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...value.split(',').map((one) => one.trim())];
}
