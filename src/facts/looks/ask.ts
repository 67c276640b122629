import type { Fact, Laboratory, Question } from '../../contracts/experiment.ts';

/** Runs one experiment, or remembers what it said. */
export type AskFact = <S, F>(asked: Question<S, F>) => Promise<Fact<F>>;

export function asker(lab: Laboratory): AskFact {
  return async (asked) => {
    await lab.run(asked as Question);
    return lab.of(asked);
  };
}

/** An API server that does not answer is not asked again and again: that would take a deadline each. */
export function clusterAsker(version: Fact<string>, ask: AskFact): AskFact {
  if (version.known || version.because.code === 'kubernetes-forbidden') return ask;
  return async () => version;
}
