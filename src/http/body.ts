import type { Readable } from 'node:stream';
import { TransportError } from './transport.ts';

/** Bytes that one answer may have: a list of ten thousand roles or a policy has far less. */
export const largestBody = 32 * 1024 * 1024;

/** The same for an answer that is no success: a text about what is wrong. */
export const largestError = 1024 * 1024;

/**
 * The same where nothing else was wanted of the answer, or a stream: the metadata of a secret that is gone is the most
 * that one holds.
 */
export const largestRefusal = 64 * 1024;

/** Characters that one line of a stream may have. */
export const longestLine = 1024 * 1024;

/**
 * The whole body as text. Reading ends, and the connection with it, when it is larger than `most` bytes.
 * @throws TransportError too-large
 */
export async function readBody(body: Readable, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > most) throw tooLarge(`the answer is larger than ${mebibytes(most)}`);
    chunks.push(chunk as Buffer);
  }
  return new TextDecoder().decode(Buffer.concat(chunks, size));
}

export function tooLarge(detail: string): TransportError {
  return new TransportError('too-large', detail);
}

function mebibytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${bytes} bytes` : `${bytes / 1024 / 1024} MiB`;
}
