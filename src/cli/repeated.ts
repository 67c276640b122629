/** What a flag that may be given several times has gathered, each value as it is read. */
export const gathered =
  <T>(read: (value: string) => T) =>
  (value: string, before: T[] = []): T[] => [...before, read(value)];

export const repeated = gathered(String);
