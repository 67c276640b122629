import { z } from 'zod';
import { recipeSchema } from './schema/index.ts';

/**
 * The JSON Schema of one recipe file, for editors. It says what a key may be; what parts mean together is `validate`'s.
 * `name` and `auth` may stand in another file of the same recipe, so a file alone needs only `version`.
 */
export function recipeJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(recipeSchema.partial({ name: true, auth: true }), {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.pattern !== undefined) jsonSchema.pattern = `\\$\\{env:|${jsonSchema.pattern}`;
    },
  });
  return { ...schema, title: 'vaultbind recipe' };
}
