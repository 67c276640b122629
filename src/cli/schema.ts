import { Argument, Command } from 'commander';
import { ceilingJsonSchema } from '../ceiling/schema.ts';
import type { ExitCode } from '../errors.ts';
import type { Io } from '../model/io.ts';
import { reportJsonSchema } from '../output/report-schema.ts';
import { recipeJsonSchema } from '../recipe/json-schema.ts';
import { savedPlanJsonSchema } from '../saved-plan/schema.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';

const schemas = {
  recipe: recipeJsonSchema,
  report: reportJsonSchema,
  plan: savedPlanJsonSchema,
  ceiling: ceilingJsonSchema,
};

export const schemaCommand: CommandBuilder = ({ io, action }) =>
  new Command('schema')
    .summary('the JSON Schema of recipes, reports, saved plans and ceilings')
    .description(
      "Prints a JSON Schema. An editor checks and completes recipes with it: begin a recipe with the line '# yaml-language-server: $schema=./recipe.schema.json'.",
    )
    .addArgument(new Argument('[what]', 'of what').choices(Object.keys(schemas)).default('recipe'))
    .configureHelp(
      examples('vaultbind schema > recipe.schema.json', 'vaultbind schema report', 'vaultbind schema ceiling'),
    )
    .action(action((what: keyof typeof schemas) => printSchema(io, what)));

async function printSchema(io: Io, what: keyof typeof schemas): Promise<ExitCode> {
  io.stdout.write(`${JSON.stringify(schemas[what](), null, 2)}\n`);
  return 0;
}
