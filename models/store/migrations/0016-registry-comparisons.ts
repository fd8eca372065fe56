/** Comparisons of holders with the population and legal-person registries. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0016: Migration = {
  name: '0016-registry-comparisons',
  async up(context) {
    await createTable(context, 'registry_comparisons', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(40) NOT NULL',
        'position BIGINT NOT NULL',
        'number_index TEXT(64) NOT NULL',
        'question_index TEXT(64)',
        'registry TEXT(40) NOT NULL',
        'outcome TEXT(20) NOT NULL',
        'fields LONGTEXT NOT NULL',
        'compared_at INSTANT NOT NULL',
      ],
      indexes: [
        'registry_comparisons_licence(licence_id, position)',
        'registry_comparisons_question(question_index, compared_at)',
      ],
    });
  },
};
