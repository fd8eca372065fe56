/** Licences and what is done with them: deadlines, objections, sharing. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0002: Migration = {
  name: '0002-licences-and-services',
  async up(context) {
    await createTable(context, 'licences', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'catalogue_code TEXT(190) NOT NULL',
        'catalogue_version BIGINT NOT NULL',
        'issuing_body TEXT(190) NOT NULL',
        'state TEXT(190) NOT NULL',
        'status TEXT(190)',
        'licence_number TEXT(190) NOT NULL',
        'number_key TEXT(190)',
        'identifier TEXT(190)',
        'verification_code TEXT(190)',
        'fields LONGTEXT NOT NULL',
        'valid_from DATE',
        'valid_to DATE',
        'issued_on DATE',
        'closed_at INSTANT',
        'case_number TEXT(190)',
        'commitment BOOLEAN NOT NULL',
        'source TEXT(190) NOT NULL',
        'source_key TEXT(190)',
        'content_digest TEXT(190) NOT NULL',
        'sequence BIGINT NOT NULL',
        'created_at INSTANT NOT NULL',
        'created_by TEXT(190) NOT NULL',
        'updated_at INSTANT NOT NULL',
      ],
      indexes: [
        'UNIQUE licences_number(number_key)',
        'UNIQUE licences_identifier(identifier)',
        'UNIQUE licences_verification(verification_code)',
        'licences_body(issuing_body, state, id)',
        'licences_case(case_number)',
        'licences_source(source_key)',
      ],
    });
    await createTable(context, 'licence_holders', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(190) NOT NULL',
        'holder_id TEXT(190) NOT NULL',
        'name TEXT(190) NOT NULL',
        'position BIGINT NOT NULL',
      ],
      indexes: ['UNIQUE licence_holders_pair(licence_id, holder_id)', 'licence_holders_holder(holder_id)'],
    });
    await createTable(context, 'licence_files', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(190) NOT NULL',
        'version BIGINT NOT NULL',
        'format TEXT(190) NOT NULL',
        'digest TEXT(190) NOT NULL',
        'size_bytes BIGINT NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['UNIQUE licence_files_format(licence_id, version, format)'],
    });
    await createTable(context, 'licence_reviews', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(190) NOT NULL',
        'reviewer_type TEXT(190) NOT NULL',
        'reviewer_id TEXT(190) NOT NULL',
        'decision TEXT(190) NOT NULL',
        'reason LONGTEXT',
        'content_digest TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['licence_reviews_licence(licence_id)'],
    });
    await createTable(context, 'review_rules', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'issuing_body TEXT(190) NOT NULL',
        'catalogue_code TEXT(190) NOT NULL',
        'definition LONGTEXT NOT NULL',
        'signature BLOB NOT NULL',
        'key_id TEXT(190) NOT NULL',
        'state TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
        'created_by TEXT(190) NOT NULL',
      ],
      indexes: ['review_rules_entry(catalogue_code, issuing_body)'],
    });
    await createTable(context, 'licence_intents', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(190) NOT NULL',
        'identifier TEXT(190) NOT NULL',
        'state TEXT(190) NOT NULL',
        'reason LONGTEXT',
        'intended_at INSTANT NOT NULL',
        'ended_at INSTANT',
        'owner TEXT(190) NOT NULL',
      ],
      indexes: [
        'UNIQUE licence_intents_identifier(identifier)',
        'licence_intents_state(state, intended_at)',
        'licence_intents_licence(licence_id)',
      ],
    });
    await createTable(context, 'licence_changes', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(190) NOT NULL',
        'sequence BIGINT NOT NULL',
        'act TEXT(190) NOT NULL',
        'from_status TEXT(190)',
        'to_status TEXT(190) NOT NULL',
        'actor TEXT(190) NOT NULL',
        'legal_basis LONGTEXT',
        'reason LONGTEXT',
        'effective_at INSTANT NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['UNIQUE licence_changes_order(licence_id, sequence)'],
    });
    await createTable(context, 'licence_previews', {
      columns: ['id KEY NOT NULL PRIMARY KEY', 'digest TEXT(190) NOT NULL'],
    });
    await createTable(context, 'cases', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'case_number TEXT(190) NOT NULL',
        'issuing_body TEXT(190) NOT NULL',
        'catalogue_code TEXT(190) NOT NULL',
        'mode TEXT(190) NOT NULL',
        'offline_reason LONGTEXT',
        'closed_at INSTANT NOT NULL',
        'noticed_at INSTANT NOT NULL',
        'licence_id TEXT(190)',
        'source TEXT(190) NOT NULL',
      ],
      indexes: ['UNIQUE cases_number(issuing_body, case_number)'],
    });
    await createTable(context, 'deadlines', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'kind TEXT(190) NOT NULL',
        'subject_id TEXT(190) NOT NULL',
        'organisation_code TEXT(190) NOT NULL',
        'started_at INSTANT NOT NULL',
        'working_days BIGINT NOT NULL',
        'due_at INSTANT NOT NULL',
        'skipped LONGTEXT NOT NULL',
        'provisional BOOLEAN NOT NULL',
        'met_at INSTANT',
      ],
      indexes: ['UNIQUE deadlines_subject(kind, subject_id)', 'deadlines_open(met_at, due_at)'],
    });
    await createTable(context, 'calendar_days', {
      columns: ['date KEY NOT NULL PRIMARY KEY', 'kind TEXT(190) NOT NULL', 'name TEXT(190) NOT NULL'],
    });
    await createTable(context, 'calendar_years', {
      columns: ['year BIGINT NOT NULL PRIMARY KEY', 'source TEXT(190) NOT NULL'],
    });
    await createTable(context, 'objections', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'number TEXT(190) NOT NULL',
        'licence_id TEXT(190) NOT NULL',
        'issuing_body TEXT(190) NOT NULL',
        'filed_by_type TEXT(190) NOT NULL',
        'filed_by TEXT(190) NOT NULL',
        'organisation_code TEXT(190)',
        'text LONGTEXT NOT NULL',
        'state TEXT(190) NOT NULL',
        'answer LONGTEXT',
        'answered_by TEXT(190)',
        'answered_at INSTANT',
        'filed_at INSTANT NOT NULL',
      ],
      indexes: [
        'UNIQUE objections_number(number)',
        'objections_body(issuing_body, state)',
        'objections_licence(licence_id)',
      ],
    });
    await createTable(context, 'matters', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'code TEXT(190) NOT NULL',
        'name TEXT(190) NOT NULL',
        'organisation_code TEXT(190) NOT NULL',
        'catalogue_codes LONGTEXT NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['UNIQUE matters_code(organisation_code, code)'],
    });
    await createTable(context, 'uses', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'code_digest TEXT(190) NOT NULL',
        'caller_id TEXT(190) NOT NULL',
        'organisation_code TEXT(190) NOT NULL',
        'case_number TEXT(190) NOT NULL',
        'matter_code TEXT(190) NOT NULL',
        'purpose LONGTEXT NOT NULL',
        'holder_index TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
        'expires_at INSTANT NOT NULL',
      ],
      indexes: ['UNIQUE uses_code(code_digest)'],
    });
    await createTable(context, 'copies', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(190) NOT NULL',
        'use_id TEXT(190) NOT NULL',
        'recipient TEXT(190) NOT NULL',
        'purpose LONGTEXT NOT NULL',
        'digest TEXT(190) NOT NULL',
        'created_at INSTANT NOT NULL',
      ],
      indexes: ['copies_licence(licence_id)'],
    });
  },
};
