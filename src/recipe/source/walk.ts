import type { Node } from 'yaml';
import type { Code } from '../../codes.ts';
import type { Problem } from '../../errors.ts';
import type { RecipeEnvironment } from './environment.ts';
import { positionAt, type Text } from './place.ts';

/** What is carried along while the nodes of one file become values. */
export interface Walk {
  source: Text;
  environment: RecipeEnvironment;
  anchors: Map<string, Node>;
  problems: Problem[];
  /** Aliases that are being followed. */
  following: number;
  /** Nodes and characters of text read through aliases. */
  nodes: number;
  characters: number;
}

export function say(walk: Walk, code: Code, offset: number, message: string): void {
  walk.problems.push(problem(walk, code, offset, message));
}

export function problem(walk: Walk, code: Code, offset: number, message: string): Problem {
  return { code, subject: walk.source.file, message, at: positionAt(walk.source, offset) };
}
