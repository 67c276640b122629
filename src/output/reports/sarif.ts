import { type Code, codes } from '../../codes.ts';
import { version } from '../../version.ts';
import { jsonText } from '../json.ts';
import { type Alert, alertsOf } from './alerts.ts';
import type { Reported } from './reported.ts';
import { details, headline } from './words.ts';

/** SARIF 2.1.0: one rule a code, one result for each finding that is wrong or doubtful. */
export function sarif(reported: Reported): string {
  const alerts = alertsOf(reported);
  const rules = [...new Set(alerts.map(({ finding }) => finding.code))];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'vaultbind', semanticVersion: version, rules: rules.map(ruleOf) } },
        automationDetails: { id: categoryOf(reported) },
        columnKind: 'utf16CodeUnits',
        properties: { vault: reported.report.vault, cluster: reported.report.cluster },
        results: alerts.map((alert) => resultOf(alert, rules)),
      },
    ],
  };
  return jsonText(log);
}

/** What stands before the last slash is a category: code scanning keeps the results of each category apart, so that a plan does not close what verify found. */
function categoryOf({ report, files }: Reported): string {
  return `${['vaultbind', report.command.replaceAll(' ', '-'), ...files.map(uriOf)].join('/')}/`;
}

function ruleOf(code: Code) {
  const more = `vaultbind explain ${code}`;
  return {
    id: code,
    shortDescription: { text: codes[code] },
    fullDescription: { text: `${codes[code]}.` },
    help: {
      text: `${codes[code]}. More about it: ${more}`,
      markdown: `${codes[code]}.\n\nMore about it: \`${more}\``,
    },
  };
}

function resultOf({ finding, level, at, fingerprint }: Alert, rules: Code[]) {
  const physicalLocation = at && {
    artifactLocation: { uri: uriOf(at.file), uriBaseId: '%SRCROOT%' },
    region: { startLine: at.line, startColumn: at.column },
  };
  return {
    ruleId: finding.code,
    ruleIndex: rules.indexOf(finding.code),
    level,
    message: { text: [headline(finding), ...details(finding)].map(withoutLinks).join('\n') },
    locations: physicalLocation ? [{ physicalLocation }] : [],
    partialFingerprints: { 'vaultbind/v1': fingerprint },
  };
}

/** In a SARIF message `[text](target)` is a link, also in plain text, and `{0}` stands for an argument. */
function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (').replace(/\{(\d+)\}/g, '{ $1 }');
}

function uriOf(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}
