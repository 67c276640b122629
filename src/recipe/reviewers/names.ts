/** Who may review tokens for a mount, as recipes name it; the first is what holds when a recipe says none. */
export const modeNames = ['token_secret', 'client_jwt'] as const;

export type Mode = (typeof modeNames)[number];

export const usualMode: Mode = modeNames[0];
