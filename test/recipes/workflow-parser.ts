import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { build } from 'esbuild';

interface Parser {
  convertWorkflowTemplate: typeof convertWorkflowTemplate;
  NoOperationTraceWriter: typeof NoOperationTraceWriter;
  parseWorkflow: typeof parseWorkflow;
}

/** GitHub's own parser. It imports JSON without saying so, which Node refuses, so it is bundled first. */
export async function workflowParser(): Promise<Parser> {
  const folder = mkdtempSync(join(tmpdir(), 'vaultbind-workflow-'));
  try {
    const outfile = join(folder, 'parser.cjs');
    const stdin = { contents: "export * from '@actions/workflow-parser'", resolveDir: import.meta.dirname };
    await build({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
    return createRequire(import.meta.url)(outfile) as Parser;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
