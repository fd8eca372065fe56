/** How much a file may ask of its reader. A few bytes can name the same thing a million times, or unpack to gigabytes: what
 *  is read is counted over all revisions of a file together, and ends in a fault, never in exhaustion. */
import { SigningError } from '../../error.ts';

const MAX_STEPS = 8_000_000;
/** A fault takes as long as many objects that can be read. */
const STEPS_OF_FAULT = 40;
const MAX_INFLATED = 256 * 1024 * 1024;

export class WorkBudget {
  private steps = MAX_STEPS;
  private inflated = MAX_INFLATED;

  /** Count objects or cross-reference entries. @throws TOO_LARGE */
  spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) throw new SigningError('TOO_LARGE', 'reading this PDF takes too much work');
  }

  /** Count an object that cannot be read. @throws TOO_LARGE */
  stumble(): void {
    this.spend(STEPS_OF_FAULT);
  }

  /** Count unpacked bytes. @throws TOO_LARGE */
  unpack(bytes: number): void {
    this.inflated -= bytes;
    if (this.inflated < 0) throw new SigningError('TOO_LARGE', 'the streams of this PDF are too large');
  }
}
