import type { ConnectRequest } from '../requests.ts';

export interface InitRequest extends ConnectRequest {
  yes?: boolean;
  writeOnly?: boolean;
  /** What flags answer, by the flag of the question. */
  answers: ReadonlyMap<string, string[]>;
}
