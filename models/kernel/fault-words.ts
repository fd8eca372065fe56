/** How a fault is put: its kind, whether to try again, its sentence in both languages. The tables of codes are made of it. */

/** The server turns it into a status. */
export type FaultKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'limited'
  | 'unavailable'
  | 'internal';

/** What is said of a fault, whoever meets it. */
export interface FaultWords {
  readonly kind: FaultKind;
  readonly retry: boolean;
  readonly zh: string;
  readonly en: string;
}

/** @param retry the same request may succeed later */
export const words = <K extends FaultKind>(kind: K, zh: string, en: string, retry = false): FaultWords => ({
  kind,
  retry,
  zh,
  en,
});
