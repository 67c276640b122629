import type { Tree, TreePath } from '../recipe/tree.ts';
import type { ClusterLook } from './look/cluster.ts';
import type { VaultLook } from './look/vault.ts';

/**
 * Where the conversation stands: the answers so far (the keys of a recipe, and `file`: where to write it), and what can
 * be looked up.
 */
export interface Now {
  answers: Tree;
  vault: VaultLook;
  cluster: ClusterLook;
  /** Contexts of the kubeconfig, each with whether its API server answers. */
  contexts(): Promise<{ name: string; server: string; answers: boolean }[]>;
  /** Of the flag, else the kubeconfig's own. */
  currentContext?: string;
  /** Of the context that was chosen; `default` where it names none. */
  namespace: string;
  /** Whether a file of this name is there. */
  exists(file: string): boolean;
  /** Places with a mistake that the recipe had when the conversation began. */
  wrong?: readonly string[];
}

/** What a value would come to, judged before it is chosen. */
export type Verdict =
  /** It cannot be; `instead` is what was probably meant. */
  | { wrong: string; instead?: string }
  /** It can be chosen, and will probably not do. */
  | { warning: string }
  /** Good to know. */
  | { note: string };

export interface Choice {
  value: string;
  /** What is shown instead of the value. */
  label?: string;
  /** What it means, shown beside it. */
  says?: string;
}

/** What a question has to offer. */
export interface Offer {
  /** What holds unless somebody says otherwise. Undefined: only a person or a flag can say. */
  default?: string;
  choices: Choice[];
  /** Another value may be typed. */
  open?: boolean;
  /** Why there is nothing to choose from. */
  note?: string;
}

/** One question. The same list feeds the conversation, the flags, the help and the wizard's page. */
export interface WizardQuestion {
  /** Place in the recipe that it decides. */
  path: TreePath;
  /** In a word or two, for the page of all answers. */
  label: string;
  /** As the help shows it: `--mount <path>`. */
  flag: string;
  message: string;
  /** One line: why this is asked. */
  why: string;
  /** Several values. */
  many?: true;
  /** Nothing but a person (or a flag) can decide it: its default counts only in a conversation. */
  choose?: true;
  /** False: this is nothing to ask, as the answers stand. Default: always asked. */
  applies?(now: Now): boolean | Promise<boolean>;
  /** What the answers say. Default: the value at `path`. */
  current?(answers: Tree): string[];
  offer(now: Now): Offer | Promise<Offer>;
  /** One value; of several, with the others chosen so far. */
  judge?(value: string, now: Now, others: string[]): Promise<Verdict | undefined> | Verdict | undefined;
  /** Whether a value that the recipe came with is left alone, whatever would be said of it as a new answer. */
  left?(value: string, now: Now, before: Tree): Promise<boolean> | boolean;
  /** The answers with this one. Default: puts the value at `path`. */
  put?(now: Now, values: string[]): Tree;
  /** Whether an answer mends the mistake at this place and changes nothing else. Default: all at and inside `path`. */
  mends?(place: string, now: Now): boolean;
  /** What holds while the recipe does not say it, so that an existing recipe can be judged. Default: nothing to judge. */
  implied?(now: Now): string;
}

export interface Page {
  title: string;
  questions: WizardQuestion[];
  /** Place of the role it is about, in the list of roles. */
  role?: number;
  /** What a look found, shown after its questions. */
  facts?(now: Now): Promise<SeenFact[]>;
}

export interface SeenFact {
  text: string;
  /** Something does not look right. */
  warning?: true;
}
