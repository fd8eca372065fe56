import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import mysql from 'mysql2/promise';
import { openFrontEnd } from '../../exchange/front-end/connection.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { createDatabase, type TestDatabase } from '../world/mariadb.ts';
import { PROGRAM } from '../world/program.ts';
import { requireProgram } from '../world/programs.ts';
import { ISSUER, openFurnishedHouse } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, licenceColumns, openDepartment, registerMachine } from './department.ts';

const call = promisify(execFile);

/** Accounts of this suite alone; the server is shared. */
const REPOSITORY = "'fe_zhengku'@'127.0.0.1'";
const DEPARTMENT = "'fe_zjj'@'127.0.0.1'";

describe('the accounts of a front-end machine on MariaDB', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let root: mysql.Connection;
  let house: TestHouse;
  let department: Department;

  const urlOf = (account: string) => database.url.replace('app:x', `${account}:x`);
  const zhengku = (...args: string[]) => call(process.execPath, [PROGRAM, 'front-end', ...args]);

  before(async function () {
    requireProgram(this, 'mariadbd');
    database = await createDatabase();
    root = await mysql.createConnection(database.url);
    for (const account of [REPOSITORY, DEPARTMENT]) await root.query(`CREATE USER ${account} IDENTIFIED BY 'x'`);
    house = await openFurnishedHouse();
  });
  after(async () => {
    await department?.connection.close();
    for (const account of [REPOSITORY, DEPARTMENT]) await root?.query(`DROP USER ${account}`);
    await root?.end();
    await house?.close();
    await database?.drop();
  });

  it('are printed as statements, of which none lets anybody delete, alter or drop', async () => {
    const { stdout } = await zhengku(
      ...['init', '--url', database.url, '--grant-to', REPOSITORY, '--department', DEPARTMENT, '--print-grants'],
    );
    expect(stdout).to.contain(`TO ${REPOSITORY};`).and.contain(`TO ${DEPARTMENT};`);
    expect(stdout).to.not.match(/ALL|DELETE|ALTER|DROP/);
    for (const line of stdout.trim().split('\n').slice(1)) await root.query(line);
  });

  it('are refused when they are not written as accounts', async () => {
    const broken = await zhengku(
      ...['init', '--url', database.url, '--grant-to', "'a'@'b'; DROP", '--department', DEPARTMENT, '--print-grants'],
    ).catch((error: { code: number }) => error);
    expect((broken as { code: number }).code).to.be.greaterThan(0);
  });

  it('let the exchange do all its work with receipts and claims', async () => {
    department = await openDepartment(database.url);
    await department.connection.close();
    department = { ...department, connection: openFrontEnd(urlOf('fe_zjj')) };
    await registerMachine(house, 'zjj', ISSUER, urlOf('fe_zhengku'));
    const names = Object.keys(licenceColumns(1));
    await department.connection.execute(
      `INSERT INTO zk_licence (business_key, ${names.join(', ')}) VALUES ('P1', ${names.map(() => '?').join(', ')})`,
      Object.values(licenceColumns(1)),
    );
    await department.connection.execute("INSERT INTO zk_query (business_key) VALUES ('P2')");
    const [result] = await runPass(house);
    expect(result?.error).to.equal(undefined);
    const [row] = await department.connection.query(
      "SELECT state, receipt_code FROM zk_licence WHERE business_key = 'P1'",
    );
    expect(row).to.deep.equal({ state: 2, receipt_code: 'AWAITING_REVIEW' });
  });

  it('keep the department off receipts and states, and the repository off everything that the department writes', async () => {
    const zjj = department.connection;
    for (const sql of [
      "UPDATE zk_licence SET receipt_code = 'ISSUED'",
      'UPDATE zk_licence SET state = 0',
      "INSERT INTO zk_licence (business_key, state, receipt_code) VALUES ('P3', 2, 'ISSUED')",
      'DELETE FROM zk_licence',
    ])
      expect(await codeOf(zjj.execute(sql)), sql).to.match(/ACCESS_DENIED|COLUMNACCESS_DENIED/);
    const ours = openFrontEnd(urlOf('fe_zhengku'));
    for (const sql of [
      "UPDATE zk_licence SET fields = '{}'",
      "INSERT INTO zk_licence (business_key) VALUES ('P4')",
      'DELETE FROM zk_licence',
      'ALTER TABLE zk_licence ADD COLUMN x INT',
    ])
      expect(await codeOf(ours.execute(sql)), sql).to.match(/ACCESS_DENIED|COLUMNACCESS_DENIED/);
    await ours.close();
  });
});

const codeOf = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? '',
  );
