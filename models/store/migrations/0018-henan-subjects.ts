/** What was laid down in the province's front-end tables: one line a licence or entry, numbered. Frozen: later versions add
 *  migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0018: Migration = {
  name: '0018-henan-subjects',
  async up(context) {
    await createTable(context, 'henan_subjects', {
      columns: [
        'serial SEQUENCE',
        'subject TEXT(190) NOT NULL',
        'file_number_cipher LONGTEXT',
        'file_version BIGINT NOT NULL',
        'file_digest TEXT(190)',
        'sequence BIGINT NOT NULL',
        'digest TEXT(190)',
        'written_at INSTANT',
        'refusal TEXT(190)',
      ],
      indexes: ['UNIQUE henan_subjects_subject(subject)'],
    });
  },
};
