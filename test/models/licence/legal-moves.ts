/** The legal moves as the law knows them, written down apart from the program's own table. */
import type { LicenceStatus } from '../../../models/licence/states.ts';

export const ACTS = [
  ...(['suspend', 'resume', 'cancel', 'revoke', 'annul', 'void', 'repeal', 'expire', 'take-effect'] as const),
  ...(['renew', 'amend', 'replace'] as const),
] as const;

/** Where each act leads from each status; a dash where the law knows no such move. Columns as in ACTS. */
export const MOVES: Readonly<Record<LicenceStatus, string>> = {
  'not-yet-effective':
    '-          -      cancelled  -        annulled  voided  repealed  -        valid  -           superseded  voided',
  valid:
    '              suspended  -      cancelled  revoked  annulled  voided  repealed  expired  -      superseded  superseded  voided',
  suspended:
    '          -          valid  cancelled  revoked  annulled  voided  repealed  expired  -      -           -           -',
  expired:
    '            -          -      cancelled  -        annulled  voided  repealed  -        -      superseded  -           -',
  cancelled:
    '          -          -      -          -        -         -       -         -        -      -           -           -',
  revoked:
    '            -          -      -          -        -         -       -         -        -      -           -           -',
  annulled:
    '           -          -      -          -        -         -       -         -        -      -           -           -',
  voided:
    '             -          -      -          -        -         -       -         -        -      -           -           -',
  repealed:
    '           -          -      -          -        -         -       -         -        -      -           -           -',
  superseded:
    '         -          -      -          -        -         -       -         -        -      -           -           -',
};

/** Where an act leads from a status; undefined: the law knows no such move. */
export function leadsTo(status: string, act: string): LicenceStatus | undefined {
  const to = MOVES[status as LicenceStatus].trim().split(/\s+/)[ACTS.indexOf(act as (typeof ACTS)[number])];
  return to === '-' ? undefined : (to as LicenceStatus);
}
