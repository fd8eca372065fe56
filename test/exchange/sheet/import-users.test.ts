import { expect } from 'chai';
import { importUsers } from '../../../exchange/sheet/import-users.ts';
import { userKind } from '../../../exchange/sheet/user-kind.ts';
import { writeTemplate } from '../../../exchange/sheet/write-template.ts';
import { logIn } from '../../../models/account/log-in.ts';
import { passwordSchema } from '../../../models/account/save-user.ts';
import type { Log } from '../../../models/kernel/log.ts';
import { saveOrganisation } from '../../../models/organisation/save-organisation.ts';
import { faultOf, linesOf } from '../../models/fault-of.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { CONSUMER, ISSUER, systemAdmin } from '../../world/sample-entry.ts';
import { callerWith, openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { makeCsv, makeXlsx, readBack } from './make-sheets.ts';

const HEADINGS = ['登录名*', '姓名*', '所属单位代码', '角色一*', '角色二', '角色三'];
const CLERK = ['wang.yi', '王一', ISSUER, '签发经办', '签发审核'];
const AUDITOR = ['li-er', '李二', '', '审计查询'];
const securityAdmin = callerWith(['admin.security'], null, 'security');
const visitor = { ...callerWith([], null), type: 'public' as const };

eachDatabase('people by sheet', (openDatabase) => {
  let house: TestHouse;
  const logged: string[] = [];

  before(async function () {
    this.timeout(60_000);
    const note = (fields: object, message: string) => logged.push(`${message} ${JSON.stringify(fields)}`);
    const log: Log = { info: note, warn: note, error: note };
    house = Object.assign(await openTestHouse(await openDatabase()), { log });
    await saveOrganisation(house, systemAdmin, {
      ...{ code: ISSUER, name: '样例局', level: 'city', isIssuer: true, isConsumer: false, persons: [] },
    });
  });

  after(() => house.close());

  beforeEach(() => house.db.rows.users.destroy({ where: {} }));

  const importLines = async (...lines: readonly (readonly string[])[]) =>
    importUsers(house, securityAdmin, await makeXlsx([HEADINGS, ...lines]));
  const faultsOf = async (...lines: readonly (readonly string[])[]) => linesOf(await faultOf(importLines(...lines)));

  it('are added, and can sign in with the initial password of the answer sheet', async () => {
    const { added, leftAlone, sheet } = await importLines(CLERK, AUDITOR);
    expect({ added, leftAlone }).to.deep.equal({ added: 2, leftAlone: 0 });
    const [headings, first, second] = await readBack(sheet);
    expect(headings).to.deep.equal(['登录名', '姓名', '所属单位代码', '结果', '初始口令']);
    expect(first?.slice(0, 4)).to.deep.equal(['wang.yi', '王一', ISSUER, '已新增']);
    const password = first?.[4] ?? '';
    expect(passwordSchema.safeParse(password).success).to.equal(true);
    expect(password).to.not.equal(second?.[4]);
    const session = await logIn(house, visitor, { name: 'wang.yi', password });
    expect(session.user).to.include({ displayName: '王一', organisationCode: ISSUER });
    expect(session.user.roles).to.deep.equal(['issuer.clerk', 'issuer.reviewer']);
  });

  it('are left as they are when they are there already, and reported', async () => {
    const before = await importLines(CLERK);
    const password = (await readBack(before.sheet))[1]?.[4] ?? '';
    const again = await importLines(CLERK.with(1, '改名'), AUDITOR);
    expect(again).to.include({ added: 1, leftAlone: 1 });
    expect((await readBack(again.sheet))[1]).to.deep.equal(['wang.yi', '改名', ISSUER, '已存在，未改动', '']);
    expect((await house.db.rows.users.findOne({ where: { loginName: 'wang.yi' } }))?.displayName).to.equal('王一');
    await logIn(house, visitor, { name: 'wang.yi', password });
  });

  it('leave their initial passwords in no log, no record and no database', async () => {
    const { sheet } = await importLines(CLERK);
    const password = (await readBack(sheet))[1]?.[4] ?? '';
    expect(password).to.match(/^zk(-[0-9A-HJKMNP-TV-Z]{4}){4}$/);
    const { auditEntries, outbox, users } = house.db.rows;
    const everything = JSON.stringify([
      logged,
      await auditEntries.findAll(),
      await outbox.findAll(),
      await users.findAll(),
    ]);
    expect(everything).to.not.contain(password).and.not.contain(password.slice(3, 12));
  });

  it('are all refused for one fault, and every fault is named by row and heading', async () => {
    const faults = await faultsOf(
      CLERK,
      ['Wang', '', CONSUMER, '签发经办'],
      ['zhao.san', '赵三', '', '窗口用证'],
      ['qian.si', '钱四', '', '系统管理员', '安全管理员'],
      ['sun.wu', '孙五', ISSUER, '局长'],
      ['wang.yi', '王一', ISSUER, '', '签发审核'],
      ['zhou.liu', '周六', '', '持证主体'],
    );
    expect(faults).to.have.members([
      '/rows/3/登录名 FIELD_PATTERN',
      '/rows/3/姓名 FIELD_REQUIRED',
      '/rows/4/所属单位代码 FIELD_REQUIRED',
      '/rows/5/角色一 FORBIDDEN',
      '/rows/6/角色一 FIELD_NOT_IN_CODE_LIST',
      '/rows/7/角色一 FIELD_REQUIRED',
      '/rows/8/角色一 FIELD_NOT_IN_CODE_LIST',
    ]);
    expect(await house.db.rows.users.count()).to.equal(0);
  });

  it('are refused for a body that is not registered, and for a login name in two rows', async () => {
    expect(
      await faultsOf(CLERK.with(2, CONSUMER), ['b.c', '乙', ISSUER, '签发经办'], ['b.c', '丙', ISSUER, '签发经办']),
    ).to.deep.equal(['/rows/2/所属单位代码 NOT_FOUND', '/rows/4/登录名 ALREADY_EXISTS']);
    expect(await house.db.rows.users.count()).to.equal(0);
  });

  it('are read from CSV and from the template that was handed out', async () => {
    expect(await importUsers(house, securityAdmin, makeCsv([HEADINGS, CLERK]))).to.include({ added: 1 });
    const [headings = [], hints = []] = await readBack(await writeTemplate(userKind));
    expect(headings).to.deep.equal(HEADINGS);
    expect(await importUsers(house, securityAdmin, await makeXlsx([headings, hints, AUDITOR]))).to.include({
      added: 1,
    });
  });

  it('are added by the security administrator alone', async () => {
    const sheet = await makeXlsx([HEADINGS, CLERK]);
    expect((await faultOf(importUsers(house, systemAdmin, sheet))).code).to.equal('FORBIDDEN');
  });
});
