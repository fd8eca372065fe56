/** Rows of comparisons with the registries: the newest of each holder of each licence. Who was asked after is known by the
 *  blind index only; names and numbers do not stand here. */
import type { Sequelize } from 'sequelize';
import { defineTable } from '../store/define-table.ts';
import type { ComparedField, RegistryAnswer, RegistryName } from './port.ts';

/** `not-made`: no registry was connected. */
export type ComparisonOutcome = RegistryAnswer['outcome'] | 'not-made';

export interface RegistryComparisonColumns {
  /** Licence and place of the holder. */
  id: string;
  licenceId: string;
  /** Place of the holder among those of the licence, from 0. */
  position: number;
  /** Blind index of the holder's number. */
  numberIndex: string;
  /** Blind index of everything that was asked, where the registry itself answered for this licence: the same question may be
   *  answered by it for a while. Null where it did not, or where an earlier answer was used again. */
  questionIndex: string | null;
  registry: RegistryName;
  outcome: ComparisonOutcome;
  /** That differ; empty unless the outcome is `mismatch`. */
  fields: readonly ComparedField[];
  comparedAt: Date;
}

export function defineRegistryRows(sequelize: Sequelize) {
  return {
    registryComparisons: defineTable<RegistryComparisonColumns>(sequelize, 'registry_comparisons', {
      id: 'key',
      licenceId: 'text',
      position: 'integer',
      numberIndex: 'text',
      questionIndex: 'text',
      registry: 'text',
      outcome: 'text',
      fields: 'json',
      comparedAt: 'instant',
    }),
  };
}
