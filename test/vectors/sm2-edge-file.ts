/** The form of sm2-edge.json; README.md says it in words. */

/** What a library does with a case: accept, refuse, or nothing to be asked (null). */
export interface Difference {
  readonly accepts: boolean | null;
  readonly why: string;
}

export interface EdgeCase {
  readonly id: string;
  readonly group: string;
  readonly comment: string;
  /** SubjectPublicKeyInfo, or what stands in its place. */
  readonly publicKey: string;
  /** Distinguishing identifier of the signer. */
  readonly distId: string;
  readonly message: string;
  readonly signature: string;
  readonly expected: 'valid' | 'invalid';
  readonly flags: readonly string[];
  /** By library: where its answer is another than `expected`. */
  readonly differs?: Readonly<Record<string, Difference>>;
}

export interface EdgeFile {
  readonly algorithm: string;
  readonly formatVersion: number;
  readonly seed: string;
  readonly count: number;
  readonly groups: Readonly<Record<string, string>>;
  readonly flags: Readonly<Record<string, string>>;
  readonly tests: readonly EdgeCase[];
}
