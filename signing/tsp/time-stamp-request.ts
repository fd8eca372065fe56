/** TimeStampReq (RFC 3161 §2.4.1; GM/T 0033 has the same shape). */
import { contextTag, DerFields, derFault, parseDer, TAG } from '../der/read-der.ts';
import { toBoolean, toInteger, toOid, toSmallInteger } from '../der/read-values.ts';
import { boolean, integer, oid, sequence } from '../der/write-der.ts';
import { type MessageImprint, readImprint, writeImprint } from './message-imprint.ts';
import type { ImprintHash } from './time-stamper.ts';

export interface TimeStampRequest {
  readonly imprint: MessageImprint;
  /** Dotted; the policy under which the stamp is wanted. */
  readonly policy: string | undefined;
  readonly nonce: bigint | undefined;
  /** Whether the answer is to hold the authority's certificates. */
  readonly certificates: boolean;
  /** Whether it asks for extensions: none are known here. */
  readonly extended: boolean;
}

export interface TimeStampQuestion {
  readonly hash: ImprintHash;
  readonly digest: Uint8Array;
  readonly nonce?: bigint;
  readonly policy?: string;
  /** Left out: yes, as a stamp without its certificate can be judged by few. */
  readonly certificates?: boolean;
}

/** DER of a request. */
export function writeTimeStampRequest(question: TimeStampQuestion): Uint8Array {
  const { hash, digest, nonce, policy, certificates = true } = question;
  return sequence(
    integer(1),
    writeImprint(hash, digest),
    ...(policy === undefined ? [] : [oid(policy)]),
    ...(nonce === undefined ? [] : [integer(nonce)]),
    ...(certificates ? [boolean(true)] : []),
  );
}

/** @throws MALFORMED for anything but one complete request */
export function parseTimeStampRequest(bytes: Uint8Array): TimeStampRequest {
  const fields = new DerFields(parseDer(bytes));
  if (toSmallInteger(fields.take(TAG.INTEGER)) !== 1) throw derFault('unknown version of a time-stamp request', 0);
  const imprint = readImprint(fields.take(TAG.SEQUENCE));
  const policy = fields.optional(TAG.OID);
  const nonce = fields.optional(TAG.INTEGER);
  const certificates = fields.optional(TAG.BOOLEAN);
  const extensions = fields.optional(contextTag(0));
  fields.end();
  return {
    imprint,
    policy: policy && toOid(policy),
    nonce: nonce && toInteger(nonce),
    certificates: certificates !== undefined && toBoolean(certificates),
    extended: extensions !== undefined,
  };
}
