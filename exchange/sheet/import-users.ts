/** Add people who sign in by sheet (R-62): all rows or none. Whoever is there already is left as they are. The initial passwords
 *  are made here, stand in the sheet that is handed back, and nowhere else. */
import {
  checkUser,
  duplicateLoginName,
  hashPassword,
  requireRole,
  storeUser,
  userSchema,
} from '../../models/account/index.ts';
import type { Caller, House } from '../../models/house.ts';
import type { PointedFault } from '../../models/kernel/fault.ts';
import { toBase32 } from '../../models/kernel/ids.ts';
import { isDuplicate, withTransaction } from '../../models/store/index.ts';
import { findRepeated, type JudgedRow, judgeRows, throwSheetFaults } from './judge-rows.ts';
import { pointerTo, readSheet } from './read-sheet.ts';
import { userKind } from './user-kind.ts';
import { type AnswerLine, writeAnswer } from './write-answer.ts';

export interface ImportedUsers {
  readonly added: number;
  readonly leftAlone: number;
  /** The answer sheet (xlsx): login names, names, outcomes and initial passwords. */
  readonly sheet: Uint8Array;
}

const sheetUserSchema = userSchema.omit({ password: true, holderId: true });
type SheetUser = ReturnType<typeof sheetUserSchema.parse>;

/** Hashing is slow on purpose; so many go side by side. */
const HASHED_AT_ONCE = 4;

/** Throws `REQUEST_INVALID` with all faults at `/rows/<row>/<heading>`, `REQUEST_TOO_LARGE`, `FILE_NOT_WHAT_IT_SAYS`. */
export async function importUsers(house: House, caller: Caller, bytes: Uint8Array): Promise<ImportedUsers> {
  requireRole(caller, 'admin.security');
  const { rows, faults } = await readSheet(bytes, userKind);
  const { judged, faults: more } = judgeRows(userKind, rows, sheetUserSchema, checkUser);
  const repeated = findRepeated(judged, ({ loginName }) => loginName, '登录名');
  throwSheetFaults([...faults, ...more, ...repeated, ...(await findUnknownBodies(house, judged))]);
  const known = await findKnownNames(house);
  const added = judged.filter(({ input }) => !known.has(input.loginName));
  const passwords = new Map(added.map(({ input }) => [input.loginName, newPassword(house)]));
  const hashes = await hashAll(passwords);
  await withTransaction(house.db, async (tx) => {
    for (const { input } of added) await storeUser(house, tx, caller, input, hashes.get(input.loginName) ?? '');
  }).catch((error: unknown) => {
    throw isDuplicate(error) ? duplicateLoginName() : error;
  });
  const lines = judged.map(({ input }): AnswerLine => {
    const { loginName, displayName, organisationCode = '' } = input;
    const password = passwords.get(loginName);
    return {
      loginName,
      displayName,
      organisationCode,
      outcome: password ? '已新增' : '已存在，未改动',
      password: password ?? '',
    };
  });
  return { added: added.length, leftAlone: judged.length - added.length, sheet: await writeAnswer(lines) };
}

async function findUnknownBodies(house: House, judged: readonly JudgedRow<SheetUser>[]): Promise<PointedFault[]> {
  const rows = await house.db.rows.organisations.findAll({ attributes: ['code'] });
  const codes = new Set(rows.map((row) => row.code));
  return judged.flatMap(({ row, input: { organisationCode } }): PointedFault[] => {
    if (!organisationCode || codes.has(organisationCode)) return [];
    return [{ pointer: pointerTo(row, '所属单位代码'), code: 'NOT_FOUND' }];
  });
}

async function findKnownNames(house: House): Promise<Set<string>> {
  const rows = await house.db.rows.users.findAll({ attributes: ['loginName'] });
  return new Set(rows.map((row) => row.loginName));
}

/** 80 random bits that can be read out and typed: small letters, digits and hyphens, and capital letters. */
function newPassword(house: Pick<House, 'random'>): string {
  const groups = toBase32(house.random(10)).match(/.{4}/g) ?? [];
  return `zk${groups.map((group) => `-${group}`).join('')}`;
}

async function hashAll(passwords: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const waiting = [...passwords];
  const hashes = new Map<string, string>();
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) hashes.set(next[0], await hashPassword(next[1]));
  };
  await Promise.all(Array.from({ length: HASHED_AT_ONCE }, work));
  return hashes;
}
