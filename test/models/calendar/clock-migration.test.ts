import { expect } from 'chai';
import { loadCalendar } from '../../../models/calendar/load-calendar.ts';
import { closeDatabase, type Database } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';
import { migration0001 } from '../../../models/store/migrations/0001-parties-and-catalogue.ts';
import { migration0002 } from '../../../models/store/migrations/0002-licences-and-services.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openEarlierDatabase } from '../../world/earlier-database.ts';

const AT = '2026-03-02T10:00:00.500Z';
/** Late in the evening in Shanghai: the day began there before it did in UTC. */
const EVENING = '2026-03-02T16:30:00.000Z';
const DUE = '2026-03-05T16:00:00.000Z';

const UNTOLD = { warnedAt: null, passedAt: null };

/** A database as the version before left it. */
async function openPrevious(url: string): Promise<Database> {
  const { db, run, text } = await openEarlierDatabase(url, [migration0001, migration0002]);
  const clock = (id: string, started: string, due: string, met: string | null, provisional = 0) =>
    run(
      `INSERT INTO deadlines (id, kind, subject_id, organisation_code, started_at, working_days, due_at, skipped, provisional, met_at)
       VALUES (?, 'batch-push', ?, 'I', ?, 3, ?, '[]', ?, ?)`,
      [id, id, text(started), text(due), provisional, met && text(met)],
    );
  await clock('runs', AT, DUE, null, 1);
  await clock('in-time', AT, DUE, DUE);
  await clock('late', AT, DUE, '2026-03-05T16:00:00.001Z');
  await clock('next-day', EVENING, '2026-03-06T16:00:00.000Z', null);
  await clock('long-ago', '2020-03-02T10:00:00.000Z', '2020-03-05T16:00:00.000Z', '2020-03-04T10:00:00.000Z');
  await run("INSERT INTO calendar_years (year, source) VALUES (2026, 'chinese-days')");
  return db;
}

eachDatabase('clocks of the version before', (openUrl) => {
  let db: Database;

  before(async function () {
    this.timeout(60_000);
    db = await openPrevious(await openUrl());
    await migrate(db);
  });
  after(() => closeDatabase(db));

  it('run towards the due time of the day on which they started in Shanghai', async () => {
    const rows = await db.rows.deadlines.findAll({ order: [['id', 'ASC']] });
    expect(rows.map(({ id, dueTime, late }) => [id, dueTime, late])).to.deep.equal([
      ['in-time', '2026-03-02+3', false],
      ['late', '2026-03-02+3', true],
      ['long-ago', '2020-03-02+3', false],
      ['next-day', '2026-03-03+3', null],
      ['runs', '2026-03-02+3', null],
    ]);
    const times = await db.rows.dueTimes.findAll({ order: [['id', 'ASC']] });
    expect(times.slice(1).map((row) => row.get())).to.deep.equal([
      {
        ...{ id: '2026-03-02+3', startedOn: '2026-03-02', workingDays: 3, dueAt: new Date(DUE) },
        ...{ warnAt: new Date('2026-03-04T16:00:00.000Z'), provisional: true },
        ...UNTOLD,
      },
      {
        ...{ id: '2026-03-03+3', startedOn: '2026-03-03', workingDays: 3, dueAt: new Date('2026-03-06T16:00:00.000Z') },
        ...{ warnAt: new Date('2026-03-05T16:00:00.000Z'), provisional: false },
        ...UNTOLD,
      },
    ]);
  });

  it('are gone through by the pass only where one still runs', async () => {
    const times = await db.rows.dueTimes.findAll({ order: [['id', 'ASC']] });
    expect(times.map(({ passedAt }) => passedAt !== null)).to.deep.equal([true, false, false]);
    const opened = await db.rows.deadlines.findOne({ where: { id: 'runs' } });
    expect(opened?.openedAt).to.deep.equal(opened?.startedAt);
  });

  it('count by a calendar whose years stay published', async () => {
    expect([...(await loadCalendar({ db })).publishedYears]).to.deep.equal([2026]);
  });
});
