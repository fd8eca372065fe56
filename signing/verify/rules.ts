/** What a house makes of the facts that verifiers report: data, named and versioned, apart from the code that applies it.
 *  Rules may always be stricter than the verifiers; what proves an alteration or a forgery they may never relax. */
import type { CheckCode } from './check-words.ts';
import type { Outcome } from './report.ts';

/** What a code may mean. A check with a code has never simply passed. */
export type RuledOutcome = Exclude<Outcome, 'passed'>;

export interface VerificationRules {
  /** Lower case letters, digits, hyphens. */
  readonly name: string;
  readonly version: number;
  /** What a code means; a code not named here keeps the outcome its verifier gave it. */
  readonly outcomes: Readonly<Partial<Record<CheckCode, RuledOutcome>>>;
  /** How far a claimed signing time may run ahead of the moment of judging, 0 to 5 minutes. */
  readonly aheadMinutes: number;
  /** How long after its nextUpdate a revocation list still counts, 0 to 720 hours. */
  readonly crlGraceHours: number;
  readonly demands: {
    /** Every signature is time-stamped by a trusted authority. */
    readonly timeStamp: boolean;
    /** Revocation is judged for every certificate. */
    readonly revocation: boolean;
    /** A list of accepted makers is given, and every seal is of one of them. */
    readonly acceptedMaker: boolean;
    /** A PDF file is signed with RSA and with SM2. An OFD file knows SM2 only. */
    readonly bothAlgorithms: boolean;
  };
  /** RSA keys below fail as KEY_TOO_SHORT, whatever `outcomes` says; 1024 to 8192. */
  readonly minimumRsaBits: number;
}

const NOTHING = { timeStamp: false, revocation: false, acceptedMaker: false, bothAlgorithms: false };

/** What the verifiers mean by themselves. */
const DEFAULT_RULES: VerificationRules = {
  name: 'default',
  version: 1,
  outcomes: {},
  aheadMinutes: 5,
  crlGraceHours: 0,
  demands: NOTHING,
  minimumRsaBits: 1024,
};

/** For taking files in from strangers: proven time, judged revocation, listed makers, no oddities of form. */
const STRICT_RULES: VerificationRules = {
  name: 'strict',
  version: 1,
  outcomes: {
    TRUST_NOT_GIVEN: 'failed',
    LOCATION_CASE: 'failed',
    DATA_DESCRIPTOR: 'failed',
    TYPE_MISSING: 'failed',
    BER_SHELL: 'failed',
    UNUSED_BITS: 'failed',
    RAW_SIGNATURE: 'failed',
    TEXT_TIME: 'failed',
    BARE_SIGNATURE: 'failed',
    ROOT_UNCOVERED: 'failed',
    TIME_MISSING: 'failed',
    DISPUTED: 'failed',
  },
  aheadMinutes: 1,
  crlGraceHours: 0,
  demands: { timeStamp: true, revocation: true, acceptedMaker: true, bothAlgorithms: false },
  minimumRsaBits: 2048,
};

/** For files out of an archive: was it genuine when it was made? Its status today is another question. */
const ARCHIVE_RULES: VerificationRules = {
  name: 'archive',
  version: 1,
  outcomes: {
    STATUS_NOT_IN_FORCE: 'warned',
    STATUS_OLD_VERSION: 'warned',
    DISPUTED: 'warned',
    TIME_MISSING: 'failed',
  },
  aheadMinutes: 5,
  crlGraceHours: 720,
  demands: NOTHING,
  minimumRsaBits: 1024,
};

/** Rules that are always there, by name. */
export const BUILT_IN_RULES: readonly VerificationRules[] = Object.freeze([DEFAULT_RULES, STRICT_RULES, ARCHIVE_RULES]);

export { DEFAULT_RULES };

/** Codes that are not always a failure, with the outcome their verifiers usually give. Every other code is firm: a
 *  failure under it stays one. Of these, the ones that usually fail may be relaxed. */
export const LOOSE_CODES: Readonly<Partial<Record<CheckCode, RuledOutcome>>> = Object.freeze({
  LOCATION_CASE: 'warned',
  DATA_DESCRIPTOR: 'warned',
  TYPE_MISSING: 'warned',
  BER_SHELL: 'warned',
  UNUSED_BITS: 'warned',
  RAW_SIGNATURE: 'warned',
  TEXT_TIME: 'warned',
  BARE_SIGNATURE: 'warned',
  ROOT_UNCOVERED: 'warned',
  SIGNED_ADDITION: 'warned',
  FORM_FILLED: 'warned',
  ANNOTATED: 'warned',
  APPEARANCE_CHANGED: 'warned',
  VALIDATION_DATA_UNSIGNED: 'warned',
  VALIDATION_DATA_MALFORMED: 'warned',
  KEY_TOO_SHORT: 'warned',
  NO_SEAL: 'not-judged',
  TRUST_NOT_GIVEN: 'not-judged',
  SEAL_MAKERS_NOT_GIVEN: 'not-judged',
  REVOCATION_UNKNOWN: 'not-judged',
  CRL_STALE: 'not-judged',
  CRL_INVALID: 'not-judged',
  TIME_MISSING: 'not-judged',
  TIME_NOT_TRUSTED: 'not-judged',
  STATUS_NOT_ASKED: 'not-judged',
  STATUS_UNKNOWN: 'not-judged',
  DISPUTE_NOT_ASKED: 'not-judged',
  SEAL_MAKER_NOT_ACCEPTED: 'failed',
  SIGNATURE_UNCOVERED: 'failed',
  STATUS_NOT_IN_FORCE: 'failed',
  STATUS_OLD_VERSION: 'failed',
  DISPUTED: 'warned',
});

/** Whether a failure under this code may be made less by rules. */
export function mayRelax(code: string): boolean {
  return RELAXABLE.has(code);
}

const RELAXABLE: ReadonlySet<string> = new Set(
  Object.entries(LOOSE_CODES).flatMap(([code, outcome]) => (outcome === 'failed' ? [code] : [])),
);
