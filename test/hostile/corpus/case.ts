/** One file of the corpus, and what a verifier must say of it. */
import type { VerificationPolicy } from '../../../signing/index.ts';

interface CorpusFile {
  /** Files altered, or made, in one way. */
  readonly family: string;
  /** What was done to the file, in words; unlike any other of its family. */
  readonly name: string;
  readonly format: 'ofd' | 'pdf';
  readonly bytes: Uint8Array;
  /** Whom and when the verifier believes. */
  readonly policy: VerificationPolicy;
}

export interface BadCase extends CorpusFile {
  /** `name CODE` of checks that must have failed, all of them. */
  readonly blame: readonly string[];
  /** Further checks that may have failed, for they tell of the same alteration. No other may. */
  readonly also: readonly string[];
}

export interface GoodCase extends CorpusFile {
  /** Codes of the warnings that must be given, each once however often; no others may be. */
  readonly warned: readonly string[];
}

/** What a family is drawn from. */
export interface Draw {
  /** From 0 to less than 1, repeating with the seed. */
  readonly random: () => number;
}

/** An alteration of a file: its words, what it gives, what is blamed. */
export interface Alteration {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly blame: readonly string[];
  readonly also?: readonly string[];
  readonly policy?: Partial<VerificationPolicy>;
}

export function badCase(
  family: string,
  format: 'ofd' | 'pdf',
  policy: VerificationPolicy,
  { name, bytes, blame, also = [], policy: changes }: Alteration,
): BadCase {
  return { family, format, name, bytes, blame, also, policy: changes ? { ...policy, ...changes } : policy };
}
