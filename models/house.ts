/** What every act is given: storage, time, randomness, keys. Built once by the process that starts, passed on by hand. */

import type { FontBook, SignDigest, VerificationRules } from '../signing/index.ts';
import type { Role } from './account/roles.ts';
import type { Clock } from './kernel/clock.ts';
import type { FieldCipher } from './kernel/field-cipher.ts';
import type { NewId, RandomBytes } from './kernel/ids.ts';
import type { Log } from './kernel/log.ts';
import type { CompareWithRegistry } from './registry/port.ts';
import type { PdfSignatures, Sealer } from './sealing/sealer.ts';
import type { BlobStore } from './store/blobs/blob-store.ts';
import type { Database } from './store/database.ts';
import type { Tx } from './store/with-transaction.ts';
import type { Verifier } from './verification/verifier.ts';

export type { Outside } from './sealing/outside.ts';

export interface House {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: RandomBytes;
  readonly cipher: FieldCipher;
  readonly fonts: FontBook;
  readonly sealer: Sealer;
  readonly verifier: Verifier;
  /** What this house makes of what is found in a file. */
  readonly verificationRules: VerificationRules;
  /** The operator's trusted certificates, DER. */
  readonly trustCertificates: readonly Uint8Array[];
  /** How issued PDF files are signed. */
  readonly pdfSignatures: PdfSignatures;
  /** The signing service, where keys lie outside; left out: none is connected. */
  readonly signDigest?: SignDigest;
  /** A time-stamp authority over SM3, for what the repository signs for itself; left out: none is set. */
  readonly stampSm3?: (digest: Uint8Array) => Promise<Uint8Array>;
  /** Population and legal-person registries; left out: none is connected, and holders are not compared. */
  readonly compareWithRegistry?: CompareWithRegistry;
  /** Opens the encrypted private keys. */
  readonly keyPassphrase: string;
  /** PBKDF2 rounds of the keys that are stored; left out: as many as `encryptKey` takes. */
  readonly keyRounds?: number;
  /** Goes into QR codes; no trailing slash. */
  readonly publicUrl: string;
  /** `demo` marks every face 样例. */
  readonly mode: 'demo' | 'production';
  /** Below it lie the SQLite files that may be registered as front-end machines over HTTP; undefined: none may. */
  readonly frontEndDir: string | undefined;
  /** Hosts inside our own network that may receive notices; `any` for a demonstration on one machine. */
  readonly webhookInsideHosts: readonly string[] | 'any';
  /** Rows that make a declared batch, as the bureau sets it; left out: any number. */
  readonly leastBatchRows?: number;
  /** Working days for the correction after an objection was upheld, as the bureau sets it; left out: five. */
  readonly correctionDays?: number;
  readonly log: Log;
}

/** Who calls, on whose behalf. `house` is the repository itself (clock, sweeps, exchange). */
export interface Caller {
  readonly type: 'person' | 'system' | 'house' | 'public';
  readonly id: string;
  readonly name: string;
  readonly organisationCode: string | null;
  readonly roles: readonly Role[];
  readonly holderId?: string | null;
  /** A person at a browser, signed in; not a script in their name. */
  readonly inSession?: boolean;
  readonly address: string | null;
  readonly requestId: string;
  /** The front-end row that asks for this, so that the way from its push to the province's receipt can be measured. */
  readonly arrival?: { readonly frontEnd: string; readonly pushedAt: Date };
}

/** The repository acting by itself: sweeps, exchange, province. */
export function houseCaller(requestId: string, organisationCode: string | null = null): Caller {
  return { type: 'house', id: 'zhengku', name: 'zhengku', organisationCode, roles: [], address: null, requestId };
}

/** Called inside the transaction that decides, so that an answer is remembered together with the act or not at all. */
export type Remember<T> = (tx: Tx, result: T) => Promise<void>;
