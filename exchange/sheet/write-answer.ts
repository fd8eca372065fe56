/** The sheet that goes back after people were added: who, with what outcome, and the initial password of each who is new. */
import ExcelJS from 'exceljs';

export interface AnswerLine {
  readonly loginName: string;
  readonly displayName: string;
  readonly organisationCode: string;
  readonly outcome: string;
  /** Empty for whoever was there already. */
  readonly password: string;
}

const COLUMNS = [
  { key: 'loginName', header: '登录名', width: 22 },
  { key: 'displayName', header: '姓名', width: 16 },
  { key: 'organisationCode', header: '所属单位代码', width: 24 },
  { key: 'outcome', header: '结果', width: 18 },
  { key: 'password', header: '初始口令', width: 30 },
];

export async function writeAnswer(lines: readonly AnswerLine[]): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('结果', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = COLUMNS.map((column) => ({ ...column, style: { numFmt: '@' } }));
  sheet.getRow(1).font = { bold: true };
  for (const line of lines) sheet.addRow({ ...line });
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}
