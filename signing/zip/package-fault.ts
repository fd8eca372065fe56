import { SigningError } from '../error.ts';
import type { CheckCode } from '../verify/check-words.ts';

/** Why an archive is refused, as a code of the verification report. */
export type PackageReason = Extract<
  CheckCode,
  'ENTRY_DUPLICATE' | 'ENTRY_HIDDEN' | 'ENTRY_NAME_UNSAFE' | 'CONTAINER_INCONSISTENT' | 'UNREADABLE'
>;

/** A refused archive; `entry` names the entry where there is one. */
export function packageFault(reason: PackageReason, message: string, entry?: string): SigningError {
  return new SigningError('MALFORMED', `ZIP: ${message}`, entry === undefined ? { reason } : { reason, entry });
}
