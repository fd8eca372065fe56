/** The calls of inspections and commitments, each answering with something in it. */
import type { Response } from 'supertest';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { houseCaller } from '../../../models/house.ts';
import { runInspections } from '../../../models/inspection/index.ts';
import { CONSUMER, clerk as clerkOf, ENTRY, ISSUER } from '../../world/sample-entry.ts';
import { issue, submission } from './issue.ts';
import type { Hand, Web } from './web.ts';

/** @param holder of the licence that is inspected */
export async function deskAnswers(web: Web, holder: Hand): Promise<[string, Response][]> {
  return [...(await inspectionAnswers(web, holder)), ...(await commitmentAnswers(web))];
}

/** The window opened yesterday: what was issued the day before that is due. */
async function inspectionAnswers(web: Web, holder: Hand): Promise<[string, Response][]> {
  const clerk = await web.person('issuer.clerk');
  const code = `${ISSUER}011`;
  const policy = { everyYears: 1, opens: '03-01', closes: '12-31', onMissed: 'record', legalBasis: '规定' } as const;
  await saveEntry(web.house, clerkOf, { ...ENTRY, code, inspection: policy });
  const { licenceId } = await issue(web, submission({ catalogueCode: code }));
  const { licenceId: second } = await issue(web, submission({ catalogueCode: code }));
  await web.house.db.rows.licences.update({ issuedOn: '2026-02-01' }, { where: { catalogueCode: code } });
  await runInspections(web.house, houseCaller('test'));
  const path = '/api/v1/inspections';
  const statement = { text: '本年度无违法记录', facts: { 从业人数: '32' } };
  const passed = { result: 'passed', reason: '符合' };
  return [
    ['get /api/v1/inspections', await clerk.get(path)],
    ['post /api/v1/inspections/:id/statement', await holder.post(`${path}/${licenceId}:2026/statement`, statement)],
    ['post /api/v1/inspections/:id/result', await clerk.post(`${path}/${licenceId}:2026/result`, passed)],
    [
      'post /api/v1/inspections/results',
      await clerk.post(`${path}/results`, { items: [{ inspectionId: `${second}:2026`, ...passed }] }),
    ],
  ];
}

async function commitmentAnswers(web: Web): Promise<[string, Response][]> {
  const clerk = await web.person('issuer.clerk');
  const officer = await web.person('bureau.officer');
  await officer.post('/api/v1/change-grants', {
    organisationCode: CONSUMER,
    catalogueCode: ENTRY.code,
    nextStep: true,
  });
  const { licenceId } = await issue(web, submission({ commitment: true }));
  const of = `/api/v1/licences/${licenceId}/commitment`;
  const items = [
    { name: '资金证明', dueOn: '2026-03-03' },
    { name: '图审合格书', dueOn: '2026-04-01' },
  ];
  const rectify = { items: [2], dueOn: '2026-04-02', reason: '核查不符' };
  const answers: [string, Response][] = [
    ['post /api/v1/licences/:id/commitment', await clerk.post(of, { items })],
    [
      'post /api/v1/licences/:id/commitment/items/:item/arrive',
      await clerk.post(`${of}/items/1/arrive`, { note: '原件' }),
    ],
    ['post /api/v1/licences/:id/commitment/rectify', await clerk.post(`${of}/rectify`, rectify)],
    ['post /api/v1/licences/:id/commitment/rectified', await clerk.post(`${of}/rectified`, { reason: '已整改' })],
    ['get /api/v1/licences/:id/commitment', await clerk.get(of)],
    ['get /api/v1/commitments', await officer.get('/api/v1/commitments?stage=open')],
  ];
  await clerk.post(`/api/v1/licences/${licenceId}/status`, { act: 'annul', legalBasis: '规定', reason: '撤销' });
  return [...answers, ['get /api/v1/commitments/annulments', await officer.get('/api/v1/commitments/annulments')]];
}
