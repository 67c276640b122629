import { readFile } from 'node:fs/promises';
import { type Document, isNode, LineCounter } from 'yaml';
import { InputError, type Position, type Problem } from '../../errors.ts';
import { scrub } from '../../secret.ts';
import { invalid, type KubeconfigEntry } from './entry.ts';
import {
  type ClusterFields,
  type ContextFields,
  emptyCluster,
  emptyContext,
  emptyUser,
  type KubeconfigFile,
  kubeconfigSchema,
  type UserFields,
} from './schema.ts';
import { firstDocument, kubeconfigText, oddityIn, resolved } from './yaml.ts';

/** One file read and checked. */
export interface LoadedFile {
  file: string;
  currentContext?: string;
  clusters: KubeconfigEntry<ClusterFields>[];
  users: KubeconfigEntry<UserFields>[];
  contexts: KubeconfigEntry<ContextFields>[];
}

/**
 * One kubeconfig file; undefined when it does not exist.
 * @throws InputError kubernetes-config-invalid with every mistake of the file and its place.
 */
export async function loadKubeconfigFile(file: string): Promise<LoadedFile | undefined> {
  const bytes = await contents(file);
  if (bytes === undefined) return undefined;
  const lines = new LineCounter();
  const text = kubeconfigText(file, bytes);
  const document = firstDocument(text, lines);
  if (document === undefined) return { file, clusters: [], users: [], contexts: [] };
  if (document.errors.length > 0) throw new InputError(...syntaxProblems(file, document, lines));
  const odd = oddityIn(document, text);
  if (odd)
    throw new InputError(invalid(file, `${odd.what}, which kubectl does not read`, position(file, lines, odd.at)));
  const place = placeIn(file, document, lines);
  const parsed = kubeconfigSchema.safeParse(resolved(file, document) ?? {});
  if (!parsed.success) {
    throw new InputError(
      ...parsed.error.issues.map((issue) => invalid(file, wording(issue.path, issue.message), place(issue.path))),
    );
  }
  return entries(file, parsed.data, place);
}

async function contents(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new InputError(invalid(file, `the kubeconfig cannot be read (${code ?? 'unknown error'})`));
  }
}

type Path = readonly PropertyKey[];
type Place = (path: Path) => Position;

function placeIn(file: string, document: Document, lines: LineCounter): Place {
  return (path) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return position(file, lines, node.range[0]);
    }
    return { file, line: 1, column: 1 };
  };
}

function position(file: string, lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The parser's message may quote the line it fails at, and that line may hold a token: only its first sentence is kept. */
function syntaxProblems(file: string, document: Document, lines: LineCounter): Problem[] {
  return document.errors.map((error) =>
    invalid(
      file,
      `not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`,
      position(file, lines, error.pos[0]),
    ),
  );
}

function wording(path: Path, message: string): string {
  return scrub(`${path.map(String).join('.') || 'the kubeconfig'}: ${message}`);
}

function entries(file: string, data: KubeconfigFile, place: Place): LoadedFile {
  const entry = <T>(list: string, index: number, key: string, name: string, value: T): KubeconfigEntry<T> => ({
    name,
    value,
    file,
    at: (field) => place(field === undefined ? [list, index] : [list, index, key, field]),
  });
  const clusters = (data.clusters ?? []).map(({ name, cluster }, index) =>
    entry('clusters', index, 'cluster', name, cluster ?? emptyCluster),
  );
  const users = (data.users ?? []).map(({ name, user }, index) =>
    entry('users', index, 'user', name, user ?? emptyUser),
  );
  const contexts = (data.contexts ?? []).map(({ name, context }, index) =>
    entry('contexts', index, 'context', name, context ?? emptyContext),
  );
  const twice = [...duplicates('cluster', clusters), ...duplicates('user', users), ...duplicates('context', contexts)];
  if (twice.length > 0) throw new InputError(...twice);
  return { file, currentContext: data['current-context'], clusters, users, contexts };
}

function duplicates(what: string, list: KubeconfigEntry<unknown>[]): Problem[] {
  const seen = new Set<string>();
  return list.flatMap((entry) => {
    const twice = seen.has(entry.name);
    seen.add(entry.name);
    return twice ? [invalid(entry.file, `the ${what} "${entry.name}" is defined twice in one file`, entry.at())] : [];
  });
}
