/** Supervision: findings, rectification orders with their course, circulars, referrals, periodic reports with the cases behind their
 *  figures, and paper that was asked for. Frozen: later versions add migrations beside it. */
import { createTable, type Migration, type MigrationContext } from './migration.ts';

export const migration0027: Migration = {
  name: '0027-supervision',
  async up(context) {
    await makeFindings(context);
    await makeOrders(context);
    await makeStages(context);
    await makeReports(context);
    await makePaper(context);
    const { sequelize, transaction } = context;
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    await run('CREATE INDEX applied_rows_refused ON applied_rows (receipt_state, applied_at)');
    await run('CREATE INDEX inspections_closed ON inspections (state, closes_on)');
  },
};

async function makeFindings(context: MigrationContext): Promise<void> {
  await createTable(context, 'supervision_findings', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'once_key TEXT(250)',
      'kind TEXT(40) NOT NULL',
      'organisation_code TEXT(190) NOT NULL',
      'subject_id TEXT(190) NOT NULL',
      'subject TEXT(190) NOT NULL',
      'catalogue_code TEXT(40)',
      'article TEXT(60) NOT NULL',
      'clock BOOLEAN NOT NULL',
      'since INSTANT NOT NULL',
      'known_at INSTANT NOT NULL',
      'closed_at INSTANT',
      'ended_by TEXT(20)',
      'order_id TEXT(40)',
    ],
    indexes: [
      'UNIQUE supervision_findings_once(once_key)',
      'supervision_findings_body(organisation_code, id)',
      'supervision_findings_open(kind, closed_at, id)',
      'supervision_findings_period(known_at)',
      'supervision_findings_order(order_id)',
    ],
  });
}

async function makeOrders(context: MigrationContext): Promise<void> {
  await createTable(context, 'rectification_orders', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'number TEXT(60) NOT NULL',
      'organisation_code TEXT(190) NOT NULL',
      'organisation_name TEXT(190) NOT NULL',
      'responsible_body TEXT(190)',
      'persons LONGTEXT NOT NULL',
      'state TEXT(20) NOT NULL',
      'legal_basis LONGTEXT NOT NULL',
      'demand LONGTEXT NOT NULL',
      'working_days BIGINT NOT NULL',
      'clock_id TEXT(40) NOT NULL',
      'rounds BIGINT NOT NULL',
      'answer LONGTEXT',
      'evidence_digest TEXT(64)',
      'issued_at INSTANT NOT NULL',
      'ended_at INSTANT',
    ],
    indexes: [
      'UNIQUE rectification_orders_number(number)',
      'rectification_orders_clock(clock_id)',
      'rectification_orders_body(organisation_code, id)',
      'rectification_orders_state(state, id)',
    ],
  });
  await createTable(context, 'order_findings', {
    columns: ['id KEY NOT NULL PRIMARY KEY', 'order_id TEXT(40) NOT NULL', 'finding_id TEXT(40) NOT NULL'],
    indexes: ['order_findings_of(order_id, id)'],
  });
  await createTable(context, 'order_events', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'order_id TEXT(40) NOT NULL',
      'act TEXT(20) NOT NULL',
      'organisation_code TEXT(190)',
      'actor TEXT(190) NOT NULL',
      'actor_name TEXT(190) NOT NULL',
      'words LONGTEXT',
      'details LONGTEXT NOT NULL',
      'at INSTANT NOT NULL',
    ],
    indexes: ['order_events_of(order_id, id)'],
  });
}

async function makeStages(context: MigrationContext): Promise<void> {
  await createTable(context, 'supervision_numbers', {
    columns: ['id KEY NOT NULL PRIMARY KEY', 'last BIGINT NOT NULL'],
  });
  await createTable(context, 'criticism_circulars', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'number TEXT(60)',
      'state TEXT(20) NOT NULL',
      'organisation_code TEXT(190) NOT NULL',
      'due_at INSTANT NOT NULL',
      'days_late BIGINT NOT NULL',
      'text LONGTEXT NOT NULL',
      'drafted_at INSTANT NOT NULL',
      'published_at INSTANT',
      'published_by TEXT(190)',
    ],
    indexes: ['criticism_circulars_state(state, id)'],
  });
  await createTable(context, 'liability_referrals', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'number TEXT(60) NOT NULL',
      'authority TEXT(190) NOT NULL',
      'legal_basis LONGTEXT NOT NULL',
      'reason LONGTEXT NOT NULL',
      'record_digest TEXT(64) NOT NULL',
      'referred_at INSTANT NOT NULL',
      'referred_by TEXT(190) NOT NULL',
      'outcome LONGTEXT',
      'concluded_at INSTANT',
    ],
  });
}

async function makeReports(context: MigrationContext): Promise<void> {
  await createTable(context, 'supervision_reports', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'span TEXT(10) NOT NULL',
      'from_on DATE NOT NULL',
      'to_on DATE NOT NULL',
      'made_at INSTANT NOT NULL',
      'league LONGTEXT NOT NULL',
      'xlsx_digest TEXT(64)',
      'pdf_digest TEXT(64)',
    ],
    indexes: ['UNIQUE supervision_reports_span(span, from_on)'],
  });
  await createTable(context, 'supervision_report_cases', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'report_id TEXT(20) NOT NULL',
      'figure TEXT(60) NOT NULL',
      'organisation_code TEXT(190) NOT NULL',
      'case_id TEXT(190) NOT NULL',
      'subject TEXT(190) NOT NULL',
      'article TEXT(60)',
      'since INSTANT NOT NULL',
      'late_minutes BIGINT',
      'link TEXT(250) NOT NULL',
    ],
    indexes: [
      'report_cases_figure(report_id, figure, id)',
      'report_cases_body(report_id, organisation_code, figure, id)',
    ],
  });
}

async function makePaper(context: MigrationContext): Promise<void> {
  await createTable(context, 'paper_requests', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'organisation_code TEXT(190) NOT NULL',
      'matter_code TEXT(64) NOT NULL',
      'case_number TEXT(64) NOT NULL',
      'catalogue_code TEXT(40) NOT NULL',
      'holder_index TEXT(190) NOT NULL',
      'obtainable BOOLEAN NOT NULL',
      'outcome TEXT(20) NOT NULL',
      'why TEXT(40)',
      'legal_basis LONGTEXT',
      'reason LONGTEXT',
      'asked_by TEXT(190) NOT NULL',
      'asked_at INSTANT NOT NULL',
    ],
    indexes: ['paper_requests_body(organisation_code, id)', 'paper_requests_time(asked_at)'],
  });
  await createTable(context, 'paper_reports', {
    columns: [
      'id KEY NOT NULL PRIMARY KEY',
      'number TEXT(40) NOT NULL',
      'holder_id TEXT(40) NOT NULL',
      'organisation_code TEXT(190) NOT NULL',
      'catalogue_code TEXT(40) NOT NULL',
      'asked_on DATE NOT NULL',
      'text LONGTEXT NOT NULL',
      'obtainable BOOLEAN NOT NULL',
      'excepted BOOLEAN NOT NULL',
      'state TEXT(20) NOT NULL',
      'judgement LONGTEXT',
      'judged_by TEXT(190)',
      'judged_at INSTANT',
      'filed_at INSTANT NOT NULL',
    ],
    indexes: [
      'UNIQUE paper_reports_number(number)',
      'paper_reports_state(state, id)',
      'paper_reports_holder(holder_id, id)',
      'paper_reports_body(organisation_code, id)',
    ],
  });
}
