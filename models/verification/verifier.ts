/** Judging files as a pure act over values, wherever it runs. Knows no database. */
import type { ReportDocument, VerificationRules } from '../../signing/index.ts';

/** What files are judged by; made once, used for many files. */
export interface TrustMaterial {
  /** DER: anchors and issuing certificates. Undefined: trust is not judged. */
  readonly certificates?: readonly Uint8Array[] | undefined;
  /** DER. */
  readonly crls?: readonly Uint8Array[] | undefined;
  /** DER: accepted seal makers; undefined: any that leads to an anchor. */
  readonly sealMakers?: readonly Uint8Array[] | undefined;
  readonly rules: VerificationRules;
}

export interface VerificationTask {
  /** The bytes, or the path of a file that the verifier reads itself. Bytes are handed over: do not use them after. */
  readonly bytes: Uint8Array | string;
  readonly material: TrustMaterial;
  readonly at: Date;
  /** Name for the report. */
  readonly file?: string;
}

/** A path that cannot be read; the message is the file system's. */
export class UnreadablePath extends Error {
  override readonly name = 'UnreadablePath';
}

export interface Verifier {
  /** There is a report whatever the file; also when it runs into the limits of time or memory.
   *  Throws `VERIFIER_BUSY` when too much is waiting, UnreadablePath for a path. */
  judge(task: VerificationTask): Promise<ReportDocument>;
  close(): Promise<void>;
}
