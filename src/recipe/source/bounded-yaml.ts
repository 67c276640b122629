import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';

/** The text holds more than a recipe may, so nothing of it was read. */
export class TooMuch extends Error {}

/**
 * Words, marks and gaps of a file. Ten thousand apps, each with policy, role and claims, have about 1,210,000; reading
 * this many takes some seconds.
 */
const mostLexemes = 1_500_000;
/** Brackets in brackets, and dashes on one line. */
const deepest = 64;

export interface Bounded {
  /** The first. */
  document?: Document.Parsed;
  /** Offset of a second one. */
  second?: number;
}

/** Law: reading costs by the length of the text, and ends with an error where that would be long. @throws TooMuch */
export function parseBounded(text: string): Bounded {
  const composer = new Composer({
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  let document: Document.Parsed | undefined;
  for (const found of composer.compose(tokens(text), true, text.length)) {
    if (document) return { document, second: found.range[0] };
    document = found;
  }
  return document ? { document } : {};
}

function* tokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let count = 0;
  let brackets = 0;
  let dashes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    count += 1;
    if (lexeme === '[' || lexeme === '{') brackets += 1;
    else if (lexeme === ']' || lexeme === '}') brackets -= 1;
    dashes = lexeme === '-' || lexeme === '?' ? dashes + 1 : lexeme === '\n' ? 0 : dashes;
    if (Math.max(brackets, dashes) > deepest) throw new TooMuch('the YAML is nested too deeply');
    if (count > mostLexemes)
      throw new TooMuch(
        `the file has too many parts (over ${mostLexemes.toLocaleString('en')}): make several recipes of it`,
      );
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}
