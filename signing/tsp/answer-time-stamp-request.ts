/** What a time-stamp authority does with the bytes it is sent (RFC 3161 §2.4): a stamp, or a refusal that says why. */
import { SigningError } from '../error.ts';
import { makeTimeStampToken, type TimeStampAuthority } from './make-time-stamp-token.ts';
import { hasItsLength, isStrong } from './message-imprint.ts';
import { parseTimeStampRequest, type TimeStampRequest } from './time-stamp-request.ts';
import { type TimeStampFailure, writeGrantedResponse, writeRejection } from './time-stamp-response.ts';

export interface TimeStampMoment {
  readonly at: Date;
  /** Positive; never given twice by one authority. */
  readonly serial: bigint;
}

/** TimeStampResp, DER: also for what is no request at all. @throws KEY_UNUSABLE, CERTIFICATE_UNFIT for the authority's own */
export async function answerTimeStampRequest(
  request: Uint8Array,
  authority: TimeStampAuthority,
  moment: TimeStampMoment,
): Promise<Uint8Array> {
  const asked = parse(request);
  if (asked === undefined) return writeRejection('badDataFormat', 'the request cannot be read');
  const failure = findFailure(asked, authority);
  if (failure !== undefined) return writeRejection(failure, WORDS[failure]);
  const { imprint, nonce, certificates } = asked;
  return writeGrantedResponse(
    await makeTimeStampToken(authority, { imprint: imprint.raw, nonce, certificates, ...moment }),
  );
}

function parse(request: Uint8Array): TimeStampRequest | undefined {
  try {
    return parseTimeStampRequest(request);
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

type Refusal = Extract<TimeStampFailure, 'badAlg' | 'badDataFormat' | 'unacceptedPolicy' | 'unacceptedExtension'>;

const WORDS: Readonly<Record<Refusal, string>> = {
  badAlg: 'the digest algorithm is not known, or too weak',
  badDataFormat: 'the digest does not have the length of its algorithm',
  unacceptedPolicy: 'stamps are not given under this policy',
  unacceptedExtension: 'no extensions are known here',
};

function findFailure({ imprint, policy, extended }: TimeStampRequest, authority: TimeStampAuthority) {
  if (!isStrong(imprint.hash)) return 'badAlg';
  if (!hasItsLength(imprint)) return 'badDataFormat';
  if (policy !== undefined && policy !== authority.policy) return 'unacceptedPolicy';
  return extended ? 'unacceptedExtension' : undefined;
}
