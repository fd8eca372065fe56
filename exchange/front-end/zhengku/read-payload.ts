/** The payload of a row in the words of the API, so that both go through the same validation. What cannot be read
 *  becomes a fault with its pointer; the rest is still judged. */
import type { PointedFault } from '../../../models/kernel/fault.ts';
import { findUnstorable } from '../find-unstorable.ts';
import type { SealedFacts } from '../profile.ts';

export interface ReadPayload {
  readonly body: Record<string, unknown>;
  readonly faults: readonly PointedFault[];
}

export type Payload = Readonly<Record<string, unknown>>;

/** zk_licence as a submission. */
export function readLicencePayload(payload: Payload): ReadPayload {
  const faults: PointedFault[] = [];
  const body: Record<string, unknown> = { catalogueCode: payload.catalogue_code };
  for (const key of ['holders', 'fields']) body[key] = readJson(payload[key], `/${key}`, faults);
  body.validFrom = toText(payload.valid_from);
  body.validTo = toText(payload.valid_to);
  body.closedAt = toInstant(payload.closed_at);
  body.caseNumber = toText(payload.case_number);
  body.commitment = readFlag(payload.commitment, '/commitment', faults);
  body.classified = readFlag(payload.classified, '/classified', faults);
  body.succeeds = readSuccession(payload);
  return { body: withoutNone(body), faults };
}

/** It is a new version of another licence as soon as one of the columns says anything. */
function readSuccession({ succeeds, succession_act, succession_reason, succession_basis }: Payload) {
  const said = withoutNone({
    ...{ identifier: toText(succeeds), act: toText(succession_act) },
    ...{ reason: toText(succession_reason), legalBasis: toText(succession_basis) },
  });
  return Object.keys(said).length > 0 ? said : undefined;
}

/** What a department says of a licence that it has sealed itself. */
export function readSealedFacts(payload: Payload): { readonly sealed?: SealedFacts } {
  const promised = toText(payload.sealed_files) ?? '0';
  if (promised === '0') return {};
  const [identifier = '', issuedOn = ''] = [toText(payload.identifier), toText(payload.issued_on)];
  return { sealed: { identifier, issuedOn, expected: Number(promised) } };
}

/** zk_licence, `status`, as a change of status. */
export function readStatusPayload(payload: Payload): Record<string, unknown> {
  const { status_act, legal_basis, reason } = payload;
  return withoutNone({ act: toText(status_act), legalBasis: toText(legal_basis), reason: toText(reason) });
}

/** zk_catalogue: the whole entry is one column. */
export function readCataloguePayload(payload: Payload): ReadPayload {
  const faults: PointedFault[] = [];
  const body = readJson(payload.definition, '', faults);
  if (faults.length > 0) return { body: {}, faults };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { body: {}, faults: [{ pointer: '', code: body === undefined ? 'FIELD_REQUIRED' : 'FIELD_TYPE' }] };
  }
  return { body: body as Record<string, unknown>, faults };
}

/** zk_case as a closing notice. */
export function readCasePayload(payload: Payload): Record<string, unknown> {
  return withoutNone({
    caseNumber: toText(payload.case_number),
    catalogueCode: toText(payload.catalogue_code),
    mode: toText(payload.mode),
    offlineReason: toText(payload.offline_reason),
    closedAt: toInstant(payload.closed_at),
    batchSize: toCount(payload.batch_size),
  });
}

/** JSON text, or undefined with a fault. */
export function readJson(value: unknown, pointer: string, faults: PointedFault[]): unknown {
  if (value === undefined || value === null) return undefined;
  // A MySQL column of type JSON comes as a value already.
  if (typeof value !== 'string') return value;
  try {
    const read: unknown = JSON.parse(value);
    faults.push(...findUnstorable(read, pointer));
    return read;
  } catch (error) {
    faults.push({ pointer, code: 'ROW_PAYLOAD_BROKEN', detail: jsonComplaint(error) });
    return undefined;
  }
}

/** Where the JSON breaks, without quoting what stands there. */
function jsonComplaint(error: unknown): string {
  const [, position] = /position (\d+)/.exec((error as Error).message) ?? [];
  return position ? `JSON，第 ${position} 个字符` : 'JSON';
}

export function toText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value).trim() || undefined;
}

/** `2026-03-01 10:00:00` without a zone is Beijing time; anything else goes on as it is and is judged there. */
function toInstant(value: unknown): string | undefined {
  const text = toText(value);
  return text && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?$/.test(text) ? `${text.replace(' ', 'T')}+08:00` : text;
}

/** A number, whatever the column's type; anything else goes on as it is and is judged there. */
function toCount(value: unknown): unknown {
  const text = toText(value);
  return text && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function readFlag(value: unknown, pointer: string, faults: PointedFault[]): boolean | undefined {
  const text = toText(value);
  if (text === undefined || text === '0') return undefined;
  if (text !== '1') faults.push({ pointer, code: 'FIELD_TYPE', detail: '0 / 1' });
  return text === '1' ? true : undefined;
}

function withoutNone(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
