/** How questions look: inquirer knows neither NO_COLOR nor terminals without UTF-8 by itself. */
export interface Looks {
  color: boolean;
  unicode: boolean;
}

const plain = (text: string) => text;

const withoutColor = {
  ...{ answer: plain, message: plain, defaultAnswer: plain, help: plain, highlight: plain, key: plain },
  ...{ disabled: (text: string) => `- ${text}`, searchTerm: plain, description: plain },
  error: (text: string) => `> ${text}`,
};

export function themeOf({ color, unicode }: Looks) {
  const keys = unicode
    ? 'arrows: move · letters: search or type · Enter: take'
    : 'arrows: move, letters: search or type, Enter: take';
  return {
    ...(color && unicode ? {} : { prefix: { idle: '?', done: unicode ? '✔' : '+' } }),
    ...(unicode ? {} : { spinner: { interval: 80, frames: ['-', '\\', '|', '/'] } }),
    ...(unicode ? {} : { icon: { cursor: '>' } }),
    ...(color || !unicode ? {} : { spinner: { interval: 80, frames: ['.', ' '] } }),
    style: { ...(color ? {} : withoutColor), keysHelpTip: () => (color ? undefined : keys), maskedText: '[not shown]' },
  };
}
