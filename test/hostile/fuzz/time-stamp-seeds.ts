/** Seeds of the time-stamp readers: a question, its answer, a refusal, and tokens of both algorithms. */
import { parseSignedData } from '../../../signing/cms/read-signed-data.ts';
import { writeTimeStampRequest } from '../../../signing/tsp/time-stamp-request.ts';
import { parseTimeStampResponse, writeRejection } from '../../../signing/tsp/time-stamp-response.ts';
import { answer, HASH_OF, makeTsa, POLICY, questionOf } from '../../signing/tsp/authorities.ts';
import { keep } from './corpus-folder.ts';

export async function makeTimeStampSeeds(): Promise<void> {
  const seed = (label: string, bytes: Uint8Array): string => keep('tsp', 'seed', bytes, label);
  seed('rejection.der', writeRejection('badAlg', 'SHA-1'));
  for (const algorithm of ['SM2', 'RSA'] as const) {
    const name = algorithm.toLowerCase();
    const { authority } = await makeTsa(algorithm);
    const request = writeTimeStampRequest({ ...questionOf(HASH_OF[algorithm]), certificates: true, policy: POLICY });
    seed(`${name}-request.der`, request);
    const response = await answer(authority, request);
    seed(`${name}-response.der`, response);
    const { token = new Uint8Array() } = parseTimeStampResponse(response);
    seed(`${name}-token.der`, token);
    seed(`${name}-info.der`, parseSignedData(token).content ?? new Uint8Array());
  }
}
