/** The port to a seal service outside: it holds the seal's key and presses the seal; we hold the document. */

export interface PressRequest {
  /** The service's own name of the seal: its esID. */
  readonly esId: string;
  /** SM3 of what the stamp must protect. */
  readonly dataHash: Uint8Array;
  /** Where the protected description lies: TBS_Sign.propertyInfo of GB/T 38540. */
  readonly propertyInfo: string;
  readonly at: Date;
}

export interface SealService {
  /** Gives a SES_Signature, DER. What came back is verified by whoever asked, like any stamp of a stranger. */
  press(request: PressRequest): Promise<Uint8Array>;
}
