/** How questions look: inquirer knows neither NO_COLOR nor terminals without UTF-8 by itself. */
export interface Looks {
  color: boolean;
  unicode: boolean;
  /** Columns. */
  width: number;
}

const plain = (text: string) => text;

const withoutColor = {
  ...{ answer: plain, message: plain, help: plain, highlight: plain, key: plain },
  defaultAnswer: (text: string) => `(${text})`,
  error: (text: string) => `> ${text}`,
};

export function themeOf({ color, unicode }: Looks) {
  return {
    ...(color && unicode ? {} : { prefix: { idle: '?', done: unicode ? '✔' : '+' } }),
    ...(unicode ? {} : { spinner: { interval: 80, frames: ['-', '\\', '|', '/'] } }),
    ...(color || !unicode ? {} : { spinner: { interval: 80, frames: ['.', ' '] } }),
    style: { ...(color ? {} : withoutColor), maskedText: '[not shown]' },
  };
}
