/** Which reviews approve the contents as they are now. */
import type { ReviewColumns } from './rows.ts';

type Reviewed = Pick<ReviewColumns, 'decision' | 'contentDigest' | 'reviewerId' | 'reviewerType'>;

/** Of reviews in their order: those after the last return or withdrawal that approve exactly these contents, each reviewer once. */
export function approvalsOf<R extends Reviewed>(reviews: readonly R[], contentDigest: string): readonly R[] {
  const undone = reviews.findLastIndex(({ decision }) => decision !== 'approved');
  const standing = reviews.slice(undone + 1).filter((review) => review.contentDigest === contentDigest);
  return standing.filter(
    ({ reviewerId }, index) => standing.findIndex((other) => other.reviewerId === reviewerId) === index,
  );
}
