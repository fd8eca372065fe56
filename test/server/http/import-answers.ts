/** The answers of imports by sheet, for whoever holds them against their schemas. */
import type { Response } from 'supertest';
import { workThroughImports } from '../../../exchange/sheet/index.ts';
import { HEADINGS, rowOf, sheetOf } from '../../exchange/sheet/import-world.ts';
import { ENTRY } from '../../world/sample-entry.ts';
import { bodyOfAnswer, type Web } from './web.ts';

export async function importAnswers(web: Web): Promise<[string, Response][]> {
  const clerk = await web.person('issuer.clerk');
  const send = (path: string, bytes: Uint8Array) =>
    clerk.post(path).set('Content-Type', 'application/octet-stream').send(Buffer.from(bytes));
  const stock = (nth: number, day: string) => [...rowOf(nth), day];
  const sheet = sheetOf([stock(801, '2024-05-06'), stock(802, '')], [...HEADINGS, '签发日期']);
  const path = '/api/v1/imports';
  const taken = await send(`${path}?catalogueCode=${ENTRY.code}&mode=apply&stock=true`, sheet);
  const { importId } = bodyOfAnswer<{ importId: string }>(taken);
  await workThroughImports(web.house);
  const scan = await send(
    `${path}/${importId}/scans?name=${encodeURIComponent(`${rowOf(801)[2]}.pdf`)}`,
    Buffer.from('%PDF-1.4'),
  );
  await workThroughImports(web.house);
  const second = await send(`${path}?catalogueCode=${ENTRY.code}`, sheetOf([rowOf(803)]));
  const cancelled = bodyOfAnswer<{ importId: string }>(second).importId;
  const row = await web.house.db.rows.licenceScans.findOne({ where: { importId } });
  return [
    ['post /api/v1/imports', taken],
    ['get /api/v1/imports', await clerk.get(path)],
    ['get /api/v1/imports/:id', await clerk.get(`${path}/${importId}`)],
    ['get /api/v1/imports/:id/rows', await clerk.get(`${path}/${importId}/rows`)],
    ['post /api/v1/imports/:id/cancel', await clerk.post(`${path}/${cancelled}/cancel`, {})],
    ['post /api/v1/imports/:id/scans', scan],
    ['get /api/v1/licences/:id/scans', await clerk.get(`/api/v1/licences/${row?.licenceId}/scans`)],
  ];
}
