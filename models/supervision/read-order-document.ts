/** What a rectification order says on paper: the order, and every finding in words with its article; and the documents that were drawn. */
import type { Caller, House } from '../house.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { type ListedFinding, listOrderFindings } from './list-order-findings.ts';
import { readOrder } from './list-orders.ts';
import type { OrderDocumentColumns } from './rows.ts';
import type { OrderView } from './view-order.ts';

export interface OrderDocument extends OrderView {
  readonly listed: readonly ListedFinding[];
}

/** For the bureau and the body. Throws `NOT_FOUND`, also for another body's. */
export async function readOrderDocument(house: House, caller: Caller, id: string): Promise<OrderDocument> {
  const order = await readOrder(house, caller, id);
  return { ...order, listed: await listOrderFindings(house, order.findings) };
}

/** By what is drawn, not by how the order stands. */
function documentId(order: OrderDocument): string {
  const { orderId, number, rounds, workingDays, dueAt, listed } = order;
  const { organisationName, responsibleBody, persons, legalBasis, demand, issuedAt } = order;
  const findings = listed.map(({ findingId, since, withdrawn }) => ({ findingId, since, withdrawn }));
  const said = { number, rounds, workingDays, dueAt, findings, organisationName, responsibleBody, persons };
  const text = canonicalJson({ ...said, legalBasis, demand, issuedAt });
  return `${orderId}:${sm3Hex(text)}`;
}

export type DrawnDocument = Pick<OrderDocumentColumns, 'digest' | 'signed'>;

/** As it was drawn before; undefined: not yet. */
export async function findOrderDocument(house: House, order: OrderDocument): Promise<DrawnDocument | undefined> {
  const [row] = await readRows(house.db.rows.orderDocuments, { where: { id: documentId(order) } });
  return row;
}

/** Kept once: who draws the same at the same time is given the first. In the place of an unsigned one a signed one is kept. */
export async function keepOrderDocument(
  house: House,
  order: OrderDocument,
  { bytes, signed }: { readonly bytes: Uint8Array; readonly signed: boolean },
): Promise<Uint8Array> {
  const id = documentId(order);
  const digest = await house.blobs.put(bytes);
  const drawn = { digest, signed, drawnAt: house.clock() };
  const kept = await withTransaction(house.db, async (tx) => {
    const { orderDocuments } = house.db.rows;
    const row = { id, orderId: order.orderId, round: order.rounds, ...drawn };
    await insertMissing(house.db, tx, orderDocuments, 'id', [row]);
    if (signed) await orderDocuments.update(drawn, { where: { id, signed: false }, transaction: tx });
    const [first] = await readRows(orderDocuments, { where: { id }, tx });
    return first?.digest ?? digest;
  });
  return house.blobs.get(kept);
}
