/** Tables read with plain SQL, from either engine, by nothing of the product's. */
import Libsql from 'libsql';
import mysql from 'mysql2/promise';

export type Row = Readonly<Record<string, unknown>>;

export interface RawTables {
  all(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openMysqlTables(url: string): Promise<RawTables> {
  const connection = await mysql.createConnection({ uri: url, dateStrings: true, supportBigNumbers: true });
  return {
    async all(sql) {
      const [rows] = await connection.query(sql);
      return rows as Row[];
    },
    close: () => connection.end(),
  };
}

export function openSqliteTables(file: string): RawTables {
  const database = new Libsql(file);
  return {
    all: (sql) => Promise.resolve(database.prepare(sql).all([]) as Row[]),
    close() {
      database.close();
      return Promise.resolve();
    },
  };
}
