/** Sealing as a pure act over values: a face and its data in, two sealed files out. Knows no database. */
import type { FaceContent, FaceLayout, KeyMaterial } from '../../signing/index.ts';
import type { CopyTask } from './make-copy.ts';
import type { PreviewTask } from './make-preview.ts';
import type { PrintTask } from './make-print.ts';

/** A seal that a service outside holds and presses. */
export interface OutsideSeal {
  readonly kind: 'service';
  /** Name of the service. */
  readonly service: string;
  /** The seal's number there. */
  readonly esId: string;
}

export interface SealMaterial {
  /** SESeal of GB/T 38540, DER. */
  readonly eseal: Uint8Array;
  /** PNG. */
  readonly picture: Uint8Array;
  readonly name: string;
  readonly sm2: KeyMaterial | OutsideSeal;
  readonly rsa: KeyMaterial;
}

/** The repository's own signature over a sealed OFD (GB/T 35275, Type Sign), with what proves it later. */
export interface OuterSignature {
  readonly signer: KeyMaterial;
  /** DER, beside the signer's own: chains of the seal's signer and maker, each up to its root. */
  readonly certificates: readonly Uint8Array[];
  /** DER, each of an issuer among the certificates. */
  readonly crls: readonly Uint8Array[];
}

/** `rsa`: one signature that ordinary readers know. `rsa+sm2`: both, and both must pass. */
export type PdfSignatures = 'rsa' | 'rsa+sm2';

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
  /** Left out: the OFD carries the issuer's seal alone. */
  readonly outer?: OuterSignature;
  /** Default: `rsa`. */
  readonly pdfSignatures?: PdfSignatures;
}

export interface SealedFiles {
  readonly ofd: Uint8Array;
  readonly pdf: Uint8Array;
  /** SM3 of each, 64 hexadecimal characters: computed where the bytes were made, off the event loop. */
  readonly sm3: Readonly<Record<'ofd' | 'pdf', string>>;
}

/** Whatever draws faces, off the event loop. */
export interface Sealer {
  seal(task: SealingTask): Promise<SealedFiles>;
  /** A marked copy, PDF. */
  copy(task: CopyTask): Promise<Uint8Array>;
  /** For paper, PDF. */
  print(task: PrintTask): Promise<Uint8Array>;
  /** A page as a picture, PNG. */
  preview(task: PreviewTask): Promise<Uint8Array>;
  close(): Promise<void>;
}
