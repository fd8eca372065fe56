/** A registry as the exchange sees it: the population registry for natural persons and the legal-person registry for
 *  bodies, behind one question. Another registry's protocol is another room beside ask-registry.ts. */
import type { CompareWithRegistry } from '../../models/registry/index.ts';

export interface RegistryConnector {
  /** Never rejects; an answer that is late, odd or not to this question is `unavailable`. */
  readonly compare: CompareWithRegistry;
}
