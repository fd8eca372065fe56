import { expect } from 'chai';
import { templateKind, workThroughImports, writeCsvTemplate } from '../../../exchange/sheet/index.ts';
import { findCurrentEntry } from '../../../models/catalogue/index.ts';
import { readImport } from '../../../models/import/index.ts';
import type { LicenceView } from '../../../models/licence/index.ts';
import { closeDatabase, openDatabase } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';
import { migration0001 } from '../../../models/store/migrations/0001-parties-and-catalogue.ts';
import { migration0002 } from '../../../models/store/migrations/0002-licences-and-services.ts';
import { migration0015 } from '../../../models/store/migrations/0015-imports.ts';
import { faultOf, linesOf } from '../../models/fault-of.ts';
import { issueOne, rowOf } from '../../models/licence/issue-one.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, ENTRY, openFurnishedHouse } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { answeredCopy, becameOf, importSheet, order, sheetOf } from './import-world.ts';

const HEADINGS = ['证照标识', '证照编号', '操作*', '法律依据', '原因*', '生效时间'];
const RULE = '行政许可法第六十九条';

eachDatabase('changes of licences by sheet', (open) => {
  let house: TestHouse;
  let licences: LicenceView[];
  const wish = (mode: string, more: object = {}) => ({ kind: 'status', mode, ...more });
  const statuses = async () => {
    const rows = await Promise.all(licences.map(({ licenceId }) => rowOf(house, licenceId)));
    return rows.map(({ status, sequence }) => `${status} ${sequence}`);
  };
  const sheet = () => {
    const [a, b, c, d] = licences;
    return sheetOf(
      [
        [a?.identifier ?? '', '', '挂起', RULE, '停工整改', ''],
        ['', b?.licenceNumber ?? '', '注销', '', '申请注销', ''],
        ['', c?.licenceNumber ?? '', '恢复', '', '误报', ''],
        ['', '施字第2026999999号', '挂起', RULE, '停工', ''],
        ['', b?.licenceNumber ?? '', '吊扣', RULE, '', ''],
        [d?.identifier ?? '', d?.licenceNumber ?? '', '撤销', RULE, '骗取许可', '2026/04/01 09:00'],
        [c?.identifier ?? '', d?.licenceNumber ?? '', '挂起', RULE, '停工', ''],
        ['', '', '挂起', RULE, '停工', ''],
      ],
      HEADINGS,
    );
  };
  const REFUSED = [
    '3 refused | /rows/3/法律依据 FIELD_REQUIRED',
    '4 refused | /rows/4 STATE_CONFLICT',
    '5 refused | /rows/5/证照编号 NOT_FOUND',
    '6 refused | /rows/6/原因 FIELD_REQUIRED | /rows/6/操作 FIELD_NOT_IN_CODE_LIST',
    '7 accepted',
    '8 refused | /rows/8/证照编号 FILE_MISMATCH',
    '9 refused | /rows/9/证照标识 FIELD_REQUIRED',
  ];
  const inOrder = (lines: readonly string[]) =>
    lines.map((line) => {
      const [first = '', ...faults] = line.split(' | ');
      return [first, ...faults.sort()].join(' | ');
    });

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await open());
    licences = [];
    for (let nth = 0; nth < 4; nth += 1) licences.push(await issueOne(house));
  });

  after(() => house.close());

  it('have templates that name the licence, the act, its rule, its reason and its time', async () => {
    const entry = await findCurrentEntry(house, ENTRY.code);
    if (!entry) throw new Error('no entry');
    const [status] = new TextDecoder().decode(writeCsvTemplate(templateKind('status', entry))).split('\r\n');
    expect(status).to.equal(HEADINGS.join(','));
    const [data] = new TextDecoder().decode(writeCsvTemplate(templateKind('data', entry))).split('\r\n');
    expect(data).to.equal(
      '证照标识,证照编号,工程名称,建设地址,开工日期,建设规模,工程类别,办件编号,办结时间,法律依据,原因*',
    );
  });

  it('and closing notices come by sheet too: each starts its clock, with the faults of the interface by row and heading', async () => {
    const entry = await findCurrentEntry(house, ENTRY.code);
    const columns = ['办件编号*', '目录编码', '办结方式*', '办结时间*', '线下办理原因', '批次条数'];
    const [template] = entry
      ? new TextDecoder().decode(writeCsvTemplate(templateKind('case', entry))).split('\r\n')
      : [];
    expect(template).to.equal(columns.join(','));
    const rows = [
      ['结-1', '', '线下', '2026-03-02 08:30', '无网络', ''],
      ['结-2', ENTRY.code, '批量', '2026-03-02 08:30', '', '30'],
      ['结-3', '', '线下', '2026-03-02 08:30', '', ''],
      ['结-4', '11100000000013338W999', '线上', '2026-02-30 08:30', '', ''],
      ['结-5', '', '批量', '2026-02-27 08:30', '', '三十'],
      ['结-1', '', '线下', '2026-03-02 08:45', '无网络', ''],
      ['结-6', '', '批量', '2026-02-27 08:30', '', '30'],
      ['结-7', '', '线下', '2026-03-03 08:30', '无网络', ''],
    ];
    const clocks = () => house.db.rows.deadlines.count();
    const before = await clocks();
    const tried = await importSheet(house, sheetOf(rows, columns), { kind: 'case', mode: 'dry-run' });
    expect([tried.state, await clocks()]).to.deep.equal(['done', before]);
    const done = await importSheet(house, sheetOf(rows, columns), { kind: 'case', mode: 'apply' });
    const became = inOrder([
      ...['2 accepted', '3 accepted', '4 refused | /rows/4/线下办理原因 FIELD_REQUIRED'],
      '5 refused | /rows/5/办结时间 DATE_IMPOSSIBLE',
      ...['6 refused | /rows/6/批次条数 FIELD_PATTERN', '7 there'],
      ...['8 refused | /rows/8/办结时间 BATCH_DECLARED_LATE', '9 refused | /rows/9/办结时间 CLOSED_IN_FUTURE'],
    ]);
    expect(inOrder(await becameOf(house, done.importId))).to.deep.equal(became);
    expect(inOrder(await becameOf(house, tried.importId)).filter((line) => line.includes('refused'))).to.deep.equal(
      became.filter((line) => line.includes('refused')),
    );
    const made = await house.db.rows.cases.findAll({ order: [['caseNumber', 'ASC']] });
    expect(made.map(({ caseNumber, mode, batchSize }) => [caseNumber, mode, batchSize])).to.deep.equal([
      ...[['结-1', 'offline', null] as const, ['结-2', 'batch', 30] as const],
    ]);
    expect(await clocks()).to.equal(before + 2);
    const again = await importSheet(house, sheetOf(rows.slice(0, 2), columns), { kind: 'case', mode: 'apply' });
    expect(await becameOf(house, again.importId)).to.deep.equal(['2 there', '3 there']);
  });

  it('are tried out with every fault by row and heading, and nothing is kept', async () => {
    const before = await statuses();
    const { importId, rows } = await importSheet(house, sheet(), wish('dry-run'));
    expect(rows).to.deep.equal({ total: 8, judged: 8, accepted: 2, alreadyThere: 0, refused: 6 });
    expect(inOrder(await becameOf(house, importId))).to.deep.equal(['2 accepted', ...REFUSED]);
    expect(await statuses()).to.deep.equal(before);
    expect(await house.db.rows.plannedMoves.count()).to.equal(0);
    expect(linesOf(await faultOf(order(house, sheet(), wish('apply', { stock: 'true' }))))).to.deep.equal([
      '/stock FIELD_UNKNOWN',
    ]);
  });

  it('are done row by row, at once or at their time, with rule and reason in the change record', async () => {
    const { importId } = await importSheet(house, sheet(), wish('apply'));
    expect(inOrder(await becameOf(house, importId))).to.deep.equal(['2 accepted', ...REFUSED]);
    expect(await statuses()).to.deep.equal(['suspended 3', 'valid 2', 'valid 2', 'valid 2']);
    const licenceId = licences[0]?.licenceId ?? '';
    const change = await house.db.rows.changes.findOne({ where: { licenceId, act: 'suspend' } });
    expect(change).to.include({ legalBasis: RULE, reason: '停工整改', actor: 'clerk' });
    const planned = await house.db.rows.plannedMoves.findAll();
    expect(planned.map(({ act, effectiveAt }) => [act, effectiveAt.toISOString()])).to.deep.equal([
      ['annul', '2026-04-01T01:00:00.000Z'],
    ]);
    const copy = new TextDecoder().decode(await answeredCopy(house, importId));
    expect(copy).to.contain('通过').and.to.contain('未找到');
  });

  it('are done once, though the worker ended between what it did and what it refused', async () => {
    const { imports, importRows } = house.db.rows;
    const last = await imports.findOne({ where: { kind: 'status', mode: 'apply' }, order: [['id', 'DESC']] });
    const importId = last?.id ?? '';
    await importRows.destroy({ where: { importId, outcome: 'refused' } });
    await last?.update({ state: 'judging', nextPart: 0, judged: 2, refused: 0, endedAt: null });
    await workThroughImports(house);
    const { rows, state } = await readImport(house, clerk, importId);
    expect(state).to.equal('done');
    expect(rows).to.deep.equal({ total: 8, judged: 8, accepted: 2, alreadyThere: 0, refused: 6 });
    expect(inOrder(await becameOf(house, importId))).to.deep.equal(['2 accepted', ...REFUSED]);
    expect((await statuses())[0]).to.equal('suspended 3');
  });

  it('are there already when the same row comes in another file', async () => {
    const { importId } = await importSheet(house, sheet(), wish('apply', { again: 'true' }));
    expect((await becameOf(house, importId))[0]).to.equal('2 there');
    expect((await statuses())[0]).to.equal('suspended 3');
  });

  it('maintain data that no face shows, and refuse what was sealed', async () => {
    const headings = ['证照标识', '工程名称', '办件编号', '原因*'];
    const [a, b, c] = licences.map(({ identifier }) => identifier ?? '');
    const data = sheetOf(
      [
        [a ?? '', '', 'AJ-2026-0777', '更正办件编号'],
        [b ?? '', '另一工程', '', '更正名称'],
        [c ?? '', '样例花园一期', '', '核对'],
      ],
      headings,
    );
    const { importId } = await importSheet(house, data, { kind: 'data', mode: 'apply' });
    expect(await becameOf(house, importId)).to.deep.equal([
      '2 accepted',
      '3 refused | /rows/3/工程名称 FACE_DATA_CHANGED',
      '4 there',
    ]);
    expect((await rowOf(house, licences[0]?.licenceId ?? '')).caseNumber).to.equal('AJ-2026-0777');
    expect(await statuses()).to.deep.equal(['suspended 4', 'valid 2', 'valid 2', 'valid 2']);
  });
});

eachDatabase('imports of the version before', (open) => {
  it('are imports of licences', async function () {
    this.timeout(60_000);
    const db = openDatabase(await open());
    const { sequelize, dialect } = db;
    await sequelize.query('CREATE TABLE migrations (name VARCHAR(190) NOT NULL PRIMARY KEY)');
    for (const { name, up } of [migration0001, migration0002, migration0015]) {
      await up({ sequelize, dialect });
      await sequelize.query('INSERT INTO migrations (name) VALUES (?)', { replacements: [name] });
    }
    await sequelize.query(
      `INSERT INTO imports (id, catalogue_code, issuing_body, mode, stock, state, file_id, file_name, digest, size_bytes, total,
         next_part, judged, accepted, already_there, refused, advanced_row, created_at, created_by, creator, run_at)
       VALUES ('I', 'C', 'B', 'apply', 0, 'done', 'F', 'f', 'd', 1, 1, 1, 1, 1, 0, 0, 0, '2026-03-01 00:00:00', 'u', '{}',
         '2026-03-01 00:00:00')`,
    );
    await migrate(db);
    expect((await db.rows.imports.findByPk('I'))?.kind).to.equal('licence');
    await closeDatabase(db);
  });
});
