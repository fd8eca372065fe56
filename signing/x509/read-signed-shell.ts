/** The shell that certificates and revocation lists share: SEQUENCE{ what is signed, algorithm, signature }. */
import { DerFields, type DerNode, parseDer, TAG } from '../der/read-der.ts';
import { toOctets, toOid } from '../der/read-values.ts';
import { SigningError } from '../error.ts';

export interface SignedShell {
  readonly tbs: DerNode;
  /** Dotted. */
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** The algorithm named inside must be the same to the byte. @throws MALFORMED */
  readonly expectSameAlgorithm: (inner: DerNode) => void;
}

/** @throws MALFORMED */
export function readSignedShell(der: Uint8Array): SignedShell {
  const outer = new DerFields(parseDer(der));
  const tbs = outer.take(TAG.SEQUENCE);
  const algorithm = outer.take(TAG.SEQUENCE);
  const signature = toOctets(outer.take(TAG.BIT_STRING));
  outer.end();
  return {
    tbs,
    signature,
    signatureAlgorithm: toOid(new DerFields(algorithm).take(TAG.OID)),
    expectSameAlgorithm(inner) {
      if (Buffer.compare(inner.raw, algorithm.raw) === 0) return;
      throw new SigningError('MALFORMED', 'the signature algorithms inside and outside differ');
    },
  };
}
