/** The one error of the upper floors. A code from the closed table, facts for the caller, the cause for the log. */
import { FAULTS, type FaultCode, type FaultKind } from './fault-codes.ts';

/** One fault of a submission, where it lies (RFC 6901 JSON pointer) and which it is. */
export interface PointedFault {
  readonly pointer: string;
  readonly code: FaultCode;
  /** What a person needs to mend it: the limit, the expected form, the characters at fault. No personal data. */
  readonly detail?: string;
}

interface FaultOptions extends ErrorOptions {
  /** What a person needs to know beyond the code's sentence. Leaves the house: no personal data, no internals. */
  readonly detail?: string;
  readonly errors?: readonly PointedFault[];
}

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly detail: string | undefined;
  readonly errors: readonly PointedFault[];

  constructor(code: FaultCode, options: FaultOptions = {}) {
    super(options.detail ? `${code}: ${options.detail}` : code, options.cause ? { cause: options.cause } : {});
    this.code = code;
    this.detail = options.detail;
    this.errors = options.errors ?? [];
  }

  get kind(): FaultKind {
    return FAULTS[this.code].kind;
  }
}

/** Throw all faults of a submission at once; do nothing when there are none.
 *  A single fault of a kind other than `invalid` keeps its own code, so that a duplicate stays a conflict. */
export function throwFaults(errors: readonly PointedFault[]): void {
  const [first] = errors;
  if (!first) return;
  const same = errors.every((error) => error.code === first.code);
  const outer = same && FAULTS[first.code].kind !== 'invalid' ? first.code : 'REQUEST_INVALID';
  throw new Fault(outer, { errors });
}

/** The sentence of a pointed fault in both languages, for problem documents and receipts. */
export function describeFault(fault: { readonly code: FaultCode; readonly detail?: string | undefined }): {
  zh: string;
  en: string;
} {
  const { zh, en } = FAULTS[fault.code];
  return fault.detail ? { zh: `${zh}：${fault.detail}`, en: `${en}: ${fault.detail}` } : { zh, en };
}
