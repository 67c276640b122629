import { stringify } from 'yaml';
import type { Finding, Report } from '../model/report.ts';
import { readByKubectl } from './layout/kubectl-yaml.ts';
import { plain } from './layout/plain.ts';

/** The TokenReviews of a report as `kubectl create -f tr.yaml -o yaml` shows them, without the token. */
export function tokenReviews(given: Report): string {
  return plain(given)
    .findings.filter(({ step }) => step === 'review-token')
    .map((one) => stringify(tokenReview(one), readByKubectl))
    .join('---\n');
}

function tokenReview({ fields, status, message }: Finding) {
  const value = (name: string) => fields.find(({ field }) => field === name)?.after;
  const user = { username: value('username'), uid: value('uid'), groups: value('groups') };
  const answer =
    status === 'ok'
      ? { authenticated: true, audiences: value('audiences'), user }
      : { authenticated: false, error: message };
  return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: '***' }, status: answer };
}
