import { type ApiHost, isApiHost, readApiHost } from '../../src/trust/api-host.ts';

export function apiHost(text: string): ApiHost {
  const read = readApiHost(text);
  if (isApiHost(read)) return read;
  throw new Error(`${text}: ${read.what}`);
}
