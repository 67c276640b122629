import { type Command, Option } from 'commander';
import { questions } from '../../actions/init/questions.ts';

/** One flag a question, of the same list that a conversation walks. */
export function addAnswerFlags(command: Command): Command {
  for (const { flag, message, many } of questions) {
    const option = new Option(flag, many ? `${message} Repeatable.` : message);
    if (command.options.some(({ long }) => long === option.long)) continue;
    command.addOption(many ? option.argParser(several) : option);
  }
  return command;
}

/** What was said by flags, by the flag of the question; some of them are flags of other things too. */
export function answersIn(options: Record<string, unknown>): Map<string, string[]> {
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
