/** Judge one signature of a PDF by what its /SubFilter says it is (ISO 32000-1 §12.8.3, ETSI EN 319 142-1, and Chinese
 *  practice). */
import { SigningError } from '../error.ts';
import { type CheckCode, check } from '../verify/check-words.ts';
import { codeOfFault } from '../verify/refused-report.ts';
import type { Check, SignatureFacts } from '../verify/report.ts';
import type { TrustStore } from '../x509/trust-store.ts';
import type { FoundSignature } from './find-signatures.ts';
import { judgeCms } from './judge-cms.ts';
import { judgeDocumentTimeStamp } from './judge-document-time-stamp.ts';
import { judgeSealStamp } from './judge-seal-stamp.ts';
import type { PdfFile } from './syntax/pdf-file.ts';

/** What a judge of one kind is given. */
export interface SignatureCase {
  readonly file: PdfFile;
  readonly signature: FoundSignature;
  readonly where: string;
  /** With the certificates and lists that the file keeps. */
  readonly store: TrustStore;
  /** Proven by a document time-stamp that covers this signature's revision. */
  readonly coveredAt: Date | undefined;
  /** Of our own making: held to our exact form. */
  readonly strict: boolean;
}

export type ToldOfSignature = Omit<SignatureFacts, 'where' | 'covers' | 'chain'>;

export interface SignatureJudgement {
  readonly checks: readonly Check[];
  readonly trusted: boolean | null;
  readonly told: ToldOfSignature;
  readonly chain: SignatureFacts['chain'];
  /** Of a document time-stamp that holds: the time it proves. */
  readonly stampsAt?: Date;
}

const JUDGES: Readonly<Record<string, (one: SignatureCase) => SignatureJudgement>> = {
  'ETSI.CAdES.detached': judgeCms,
  'adbe.pkcs7.detached': judgeCms,
  'ETSI.RFC3161': judgeDocumentTimeStamp,
  'GM.sm2seal': judgeSealStamp,
};
/** ISO 32000-1 table 257: over SHA-1 by their definition. */
const OVER_SHA1 = new Set(['adbe.pkcs7.sha1', 'adbe.x509.rsa_sha1']);

/** @throws SELF_TEST_FAILED, and what is no fault of the file's */
export function judgeSignature(one: SignatureCase): SignatureJudgement {
  const { signature } = one;
  if (signature.fault !== undefined) return refuse(one, 'structure', signature.fault);
  if (!signature.inField) return refuse(one, 'structure', 'SIGNATURE_LIST_WRONG');
  if (OVER_SHA1.has(signature.subFilter)) return refuse(one, 'digest', 'DIGEST_WEAK');
  const judge = Object.hasOwn(JUDGES, signature.subFilter) ? JUDGES[signature.subFilter] : undefined;
  if (judge === undefined) return refuse(one, 'structure', 'ALGORITHM_UNSUPPORTED');
  try {
    return judge(one);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    if (error.code === 'TIME_STAMP_UNFIT') return refuse(one, 'time', 'TIMESTAMP_INVALID');
    const code = codeOfFault(error, 'SIGNATURE_MALFORMED');
    return refuse(one, code === 'CERTIFICATE_MALFORMED' ? 'certificate' : 'structure', code);
  }
}

/** A signature that cannot be judged any further. */
function refuse(one: SignatureCase, name: Check['name'], code: CheckCode): SignatureJudgement {
  const kind = one.signature.subFilter === 'ETSI.RFC3161' ? 'time-stamp' : 'signature';
  return {
    checks: [check(name, 'failed', code, one.where)],
    trusted: one.store.anchors === undefined ? null : false,
    told: {
      kind,
      seal: null,
      claimedAt: null,
      provenAt: null,
      digestAlgorithm: null,
      signatureAlgorithm: null,
      certificate: null,
    },
    chain: [],
  };
}
