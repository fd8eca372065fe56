/** A signed rule by which an issuer lets its own systems' submissions pass review without a person (R-25). */

export interface ReviewRuleDefinition {
  readonly ruleId: string;
  readonly issuingBody: string;
  readonly catalogueCode: string;
  /** Ways in that the rule covers. */
  readonly sources: readonly ('front-end' | 'api' | 'sheet')[];
  /** Commitment approvals pass only when the rule says so. */
  readonly coversCommitment: boolean;
  /** YYYY-MM-DD, both inclusive. */
  readonly from: string;
  readonly to: string;
}

/** Does the rule speak of this submission on this date? Its signature is judged elsewhere. */
export function ruleCovers(
  rule: ReviewRuleDefinition,
  licence: {
    readonly issuingBody: string;
    readonly catalogueCode: string;
    readonly source: string;
    readonly commitment: boolean;
  },
  today: string,
): boolean {
  return (
    rule.issuingBody === licence.issuingBody &&
    rule.catalogueCode === licence.catalogueCode &&
    (rule.sources as readonly string[]).includes(licence.source) &&
    (rule.coversCommitment || !licence.commitment) &&
    rule.from <= today &&
    today <= rule.to
  );
}
