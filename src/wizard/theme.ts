import { wrapped } from '../output/wrap.ts';

/** How questions look: inquirer knows neither NO_COLOR nor terminals without UTF-8 by itself. */
export interface Looks {
  color: boolean;
  unicode: boolean;
  /** Columns. */
  width: number;
}

const plain = (text: string) => text;

const withoutColor = {
  ...{
    answer: plain,
    message: plain,
    defaultAnswer: (text: string) => `(${text})`,
    help: plain,
    highlight: plain,
    key: plain,
  },
  ...{ disabled: (text: string) => `- ${text}`, searchTerm: plain, description: plain },
  error: (text: string) => `> ${text}`,
};

/** Of a question whose few answers are all there is. */
export function choiceThemeOf(looks: Looks) {
  const theme = themeOf(looks);
  const keys = looks.unicode ? 'arrows: move · Enter: take' : 'arrows: move, Enter: take';
  return { ...theme, style: { ...theme.style, keysHelpTip: () => wrapped(keys, looks.width) } };
}

export function themeOf({ color, unicode, width }: Looks) {
  const keys = unicode
    ? 'arrows: move · letters: search or type · <: back · Enter: take'
    : 'arrows: move, letters: search or type, <: back, Enter: take';
  return {
    ...(color && unicode ? {} : { prefix: { idle: '?', done: unicode ? '✔' : '+' } }),
    ...(unicode ? {} : { spinner: { interval: 80, frames: ['-', '\\', '|', '/'] } }),
    ...(unicode ? {} : { icon: { cursor: '>' } }),
    ...(color || !unicode ? {} : { spinner: { interval: 80, frames: ['.', ' '] } }),
    style: { ...(color ? {} : withoutColor), keysHelpTip: () => wrapped(keys, width), maskedText: '[not shown]' },
  };
}
