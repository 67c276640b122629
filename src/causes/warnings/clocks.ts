import { known } from '../../facts/examination.ts';
import { type Warner, warning } from './warning.ts';

/** Seconds. Tokens are good a little before and after their time; an answer's way takes a moment. */
const bearable = 20;

/** Token times are judged by Vault's clock and made by that of Kubernetes. */
export const clockWarnings: Warner = (x) => {
  const vault = known(x.vault.health)?.clockAhead;
  const cluster = known(x.host.own)?.clockAhead ?? known(x.host.configured)?.clockAhead;
  const why = 'set the clocks by one time server: a token from a fast clock is not valid yet for a slow one';
  if (vault !== undefined && cluster !== undefined && Math.abs(vault - cluster) > bearable)
    return [warning('clocks-apart', x.address, `Vault's clock is ${inWords(vault - cluster)} that of Kubernetes`, why)];
  const seen = vault ?? cluster;
  if (seen === undefined || Math.abs(seen) <= bearable) return [];
  return [warning('clocks-apart', x.address, `the servers' clock is ${inWords(seen)} this machine's`, why)];
};

function inWords(seconds: number): string {
  return `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'}`;
}
