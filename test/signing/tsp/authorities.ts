import { createHash, randomBytes } from 'node:crypto';
import type { KeyAlgorithm } from '../../../signing/keys/signing-key.ts';
import { answerTimeStampRequest } from '../../../signing/tsp/answer-time-stamp-request.ts';
import type { TimeStampAuthority } from '../../../signing/tsp/make-time-stamp-token.ts';
import { type TimeStampQuestion, writeTimeStampRequest } from '../../../signing/tsp/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../../signing/tsp/time-stamp-response.ts';
import type { ImprintHash } from '../../../signing/tsp/time-stamper.ts';
import { makeMember, NOW } from '../x509/certificates.ts';

export const POLICY = '1.2.3.4.1';
export const STAMPED = Buffer.from('被盖时间戳的内容');

/** OpenSSL stamps with the time of the machine: certificates and judgement reach far around it. */
export const LONG = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2090-01-01T00:00:00Z') };

/** A root, an issuing authority and a time-stamp authority. */
export async function makeTsa(algorithm: KeyAlgorithm, settings: Partial<TimeStampAuthority> = {}) {
  const root = await makeMember(algorithm, 'root', `${algorithm} root`, undefined, LONG);
  const issuing = await makeMember(algorithm, 'issuing', `${algorithm} issuing`, root, LONG);
  const tsa = await makeMember(algorithm, 'time-stamping', `${algorithm} clock`, issuing, LONG);
  const authority: TimeStampAuthority = {
    ...{ key: tsa.key, certificate: tsa.certificate, chain: [issuing.certificate], policy: POLICY },
    ...settings,
  };
  return { root, issuing, tsa, authority };
}

export const HASH_OF: Readonly<Record<KeyAlgorithm, ImprintHash>> = { RSA: 'sha256', SM2: 'sm3' };

export const digestOf = (hash: ImprintHash, bytes: Uint8Array): Uint8Array => createHash(hash).update(bytes).digest();

/** What is asked over `STAMPED`, with a nonce. */
export function questionOf(hash: ImprintHash): TimeStampQuestion & { readonly nonce: bigint } {
  return { hash, digest: digestOf(hash, STAMPED), nonce: BigInt(`0x${randomBytes(8).toString('hex')}`) };
}

let serial = 1n;

export function answer(authority: TimeStampAuthority, request: Uint8Array, at: Date = NOW): Promise<Uint8Array> {
  return answerTimeStampRequest(request, authority, { at, serial: serial++ });
}

/** The token that an authority gives over `STAMPED`. */
export async function stampOf(authority: TimeStampAuthority, hash: ImprintHash, at: Date = NOW): Promise<Uint8Array> {
  const response = await answer(authority, writeTimeStampRequest(questionOf(hash)), at);
  const { token, failures } = parseTimeStampResponse(response);
  if (token === undefined) throw new Error(`refused: ${failures.join(' ')}`);
  return token;
}
