/** Sealing as a pure act over values: a face and its data in, two sealed files out. Knows no database. */
import type { FaceContent, FaceLayout } from '../../signing/index.ts';

/** A key and its certificate with the issuers after it, DER. */
export interface SignerMaterial {
  readonly pkcs8: Uint8Array;
  readonly certificates: readonly Uint8Array[];
}

export interface SealMaterial {
  /** SESeal of GB/T 38540, DER. */
  readonly eseal: Uint8Array;
  /** PNG. */
  readonly picture: Uint8Array;
  readonly name: string;
  readonly sm2: SignerMaterial;
  readonly rsa: SignerMaterial;
}

export interface SealingTask {
  /** GB/T 36904, of the licence that is being made. */
  readonly identifier: string;
  readonly layout: FaceLayout;
  readonly content: FaceContent;
  readonly title: string;
  /** GB/T 36903 metadata by short name, for CustomDatas and document information. */
  readonly metadata: Readonly<Record<string, string>>;
  /** `licence.json` and the like, embedded in both files. */
  readonly attachments: readonly { readonly name: string; readonly format: string; readonly bytes: Uint8Array }[];
  /** 32 hex characters. */
  readonly documentId: string;
  readonly at: Date;
  readonly seal: SealMaterial;
}

export interface SealedFiles {
  readonly ofd: Uint8Array;
  readonly pdf: Uint8Array;
  /** SM3 of each, 64 hexadecimal characters: computed where the bytes were made, off the event loop. */
  readonly sm3: Readonly<Record<'ofd' | 'pdf', string>>;
}

export interface Sealer {
  seal(task: SealingTask): Promise<SealedFiles>;
  close(): Promise<void>;
}
