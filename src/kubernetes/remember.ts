/** Answers by what was asked, so that each object is read once; asking at the same time shares one request. */
export interface KubernetesMemory {
  recall<T>(question: string, ask: () => Promise<T>): Promise<T>;
  /** The answer, if it was asked for already. */
  known<T>(question: string): Promise<T> | undefined;
  forget(): void;
}

export function createKubernetesMemory(): KubernetesMemory {
  const answers = new Map<string, Promise<unknown>>();
  return {
    recall: <T>(question: string, ask: () => Promise<T>) => {
      const known = answers.get(question);
      if (known) return known as Promise<T>;
      const answer = ask();
      answers.set(question, answer);
      // A failure is not an answer: the next one to ask tries again.
      answer.catch(() => {
        if (answers.get(question) === answer) answers.delete(question);
      });
      return answer;
    },
    known: <T>(question: string) => answers.get(question) as Promise<T> | undefined,
    forget: () => answers.clear(),
  };
}
