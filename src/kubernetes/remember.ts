import { recall } from '../model/recall.ts';

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
    recall: <T>(question: string, ask: () => Promise<T>) => recall(answers, question, ask) as Promise<T>,
    known: <T>(question: string) => answers.get(question) as Promise<T> | undefined,
    forget: () => answers.clear(),
  };
}
