/** A superagent parser that keeps the bytes of an answer as they came. */
import type { IncomingMessage } from 'node:http';
import type { Test } from 'supertest';

type Parser = Parameters<Test['parse']>[0];

export const readBinary: Parser = (response, done) => {
  const chunks: Buffer[] = [];
  const stream = response as unknown as IncomingMessage;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
};
