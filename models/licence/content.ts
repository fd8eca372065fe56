/** The contents that a review approves and a seal seals, and their digest. */
import { canonicalJson } from '../kernel/canonical-json.ts';
import { sm3Hex } from '../kernel/digest.ts';

export interface LicenceContent {
  readonly catalogueCode: string;
  readonly catalogueVersion: number;
  readonly issuingBody: string;
  readonly licenceNumber: string;
  readonly holders: readonly { readonly name: string; readonly type: string; readonly number: string }[];
  readonly fields: Readonly<Record<string, string>>;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly commitment: boolean;
  /** Only of a stock licence: the day of issue of the paper, which its face keeps. */
  readonly issuedOn?: string;
  /** Only of a stock licence: what is printed on the paper. */
  readonly paperNumber?: string;
  /** Only of a new version: which licence's place it takes, and how. */
  readonly succeeds?: { readonly identifier: string; readonly act: string };
}

export function digestContent(content: LicenceContent): string {
  return sm3Hex(canonicalJson(content));
}
