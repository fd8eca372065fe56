/** A province as the conformance suite sees it, whatever carries the messages. */
import type { ProvinceConnector } from '../../../exchange/province/connector.ts';
import type { TestHouse } from '../../world/test-house.ts';

/** What it holds of a subject, in the words both carriers share. */
export interface SeenSubject {
  /** The whole of what it holds: the same as before means that nothing was received anew. */
  readonly content: string;
  /** Does it say that the licence is in force? */
  readonly isValid: boolean;
  readonly hasFile: boolean;
}

export interface TestProvince {
  readonly name: 'http' | 'henan';
  connect(house: TestHouse): ProvinceConnector;
  /** It works off what was laid down for it; over HTTP it has done so already. */
  work(): Promise<void>;
  find(subject: string): Promise<SeenSubject | undefined>;
  count(): Promise<number>;
  /** Refuse every licence for this reason, or none. */
  refuse(reason: string | null): void;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}
