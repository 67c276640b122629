import type { z } from 'zod';
import type { Path } from '../source/place.ts';

type Loose = z.core.$ZodType & { shape?: Record<string, Loose>; element?: Loose; unwrap?: () => Loose };

/** The keys that may stand at a place of a document. */
export function keysAt(schema: z.ZodType, path: Path): string[] {
  const found = path.reduce<Loose | undefined>(
    (one, step) => (typeof step === 'number' ? bare(one)?.element : bare(one)?.shape?.[step]),
    schema as unknown as Loose,
  );
  return Object.keys(bare(found)?.shape ?? {});
}

function bare(schema: Loose | undefined): Loose | undefined {
  return schema?.unwrap && !schema.shape && !schema.element ? schema.unwrap() : schema;
}
