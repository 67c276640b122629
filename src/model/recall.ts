/**
 * The answer to a key, asked for once; who asks while it is under way shares it. A failure is told to those who wait for
 * it and is no answer: the next one to ask tries again.
 */
export function recall<T>(answers: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = answers.get(key);
  if (known) return known;
  const answer = ask();
  answers.set(key, answer);
  answer.catch(() => answers.get(key) === answer && answers.delete(key));
  return answer;
}

/** The same for one question alone. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return () => recall(answers, '', ask);
}
