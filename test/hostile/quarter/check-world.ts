/** What must hold of any house at the end, whatever was played. */
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import type { TestHouse } from '../../world/test-house.ts';

/** From, to; written here a second time. */
const LEGAL: Readonly<Record<string, readonly string[]>> = {
  issue: ['null valid', 'null not-yet-effective'],
  'take-effect': ['not-yet-effective valid'],
  expire: ['valid expired', 'suspended expired'],
  suspend: ['valid suspended'],
  resume: ['suspended valid'],
  maintain: ['valid valid', 'suspended suspended', 'expired expired', 'not-yet-effective not-yet-effective'],
};

export async function checkWorld(house: TestHouse): Promise<string[]> {
  const audit = await verifyAudit(house);
  return [
    ...(audit.holds ? [] : [`the access log breaks at ${audit.brokenAt ?? 0}: ${audit.reason ?? ''}`]),
    ...(await checkHistories(house)),
    ...(await checkClocks(house)),
  ];
}

/** Without a gap from the issue to where the licence stands, each step legal. */
async function checkHistories({ db }: TestHouse): Promise<string[]> {
  const order: [string, string][] = [
    ['licenceId', 'ASC'],
    ['sequence', 'ASC'],
  ];
  const changes = await db.rows.changes.findAll({ order, raw: true });
  const stands = new Map<string, { sequence: number; status: string }>();
  const faults: string[] = [];
  for (const { licenceId, act, fromStatus, toStatus, sequence } of changes) {
    const before = stands.get(licenceId) ?? { sequence: 1, status: 'null' };
    const name = `change ${sequence} of ${licenceId}`;
    if (sequence !== before.sequence + 1) faults.push(`${name} does not follow ${before.sequence}`);
    if (String(fromStatus) !== before.status)
      faults.push(`${name} begins with ${String(fromStatus)}, not ${before.status}`);
    if (!LEGAL[act]?.includes(`${String(fromStatus)} ${toStatus}`)) faults.push(`${name}: ${act} is not legal`);
    stands.set(licenceId, { sequence, status: toStatus });
  }
  for (const { id, sequence, status } of await db.rows.licences.findAll({ where: { state: 'issued' }, raw: true })) {
    const last = stands.get(id);
    if (last?.sequence !== sequence || last.status !== status)
      faults.push(`licence ${id} is not where its changes lead`);
  }
  return faults;
}

/** No clock runs for what has come, and none was stopped for nothing. */
async function checkClocks({ db }: TestHouse): Promise<string[]> {
  const open = new Map(
    (await db.rows.deadlines.findAll({ raw: true })).map((row) => [row.subjectId, row.metAt === null]),
  );
  const faults: string[] = [];
  const judge = (name: string, subject: string, waits: boolean) => {
    const runs = open.get(subject);
    if (runs !== undefined && runs !== waits)
      faults.push(`${name} ${waits ? 'waits without a clock' : 'has a clock that runs'}`);
  };
  const arrived = new Map<string, number>();
  for (const { caseNumber } of await db.rows.licences.findAll({ attributes: ['caseNumber'], raw: true }))
    arrived.set(caseNumber ?? '', (arrived.get(caseNumber ?? '') ?? 0) + 1);
  for (const { id, caseNumber, mode, batchSize } of await db.rows.cases.findAll({ raw: true })) {
    const wanted = mode === 'batch' ? (batchSize ?? 1) : 1;
    judge(`case ${caseNumber}`, id, (arrived.get(caseNumber) ?? 0) < wanted);
  }
  for (const { id, number, state, correctionId } of await db.rows.objections.findAll({ raw: true })) {
    judge(`objection ${number}`, id, state === 'filed');
    if (correctionId) judge(`correction of ${number}`, correctionId, state === 'upheld' || state === 'correcting');
  }
  return faults;
}
