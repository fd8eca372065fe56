/** Where a fault lies, in the words of the tables: the API's `/closedAt` is the column `closed_at`. */
import type { RowKind } from '../profile.ts';

const ENVELOPE: readonly string[] = ['business_key', 'revision', 'operation', 'definition'];

const SUCCESSION: Readonly<Record<string, string>> = {
  act: 'succession_act',
  reason: 'succession_reason',
  legalBasis: 'succession_basis',
};

/** `/holders/0/number` → `holders.0.number`, `/files/pdf/sm3` → `zk_file.pdf.sm3`; the whole row → `整行`. */
export function nameColumn(kind: RowKind, pointer: string): string {
  const [first, ...below] = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (first === undefined) return kind === 'catalogue' ? 'definition' : '整行';
  // A catalogue entry is one column; the API's body is what lies in it.
  if (kind === 'catalogue' && !ENVELOPE.includes(first)) return ['definition', first, ...below].join('.');
  if (first === 'act') return 'status_act';
  if (first === 'succeeds') return SUCCESSION[below[0] ?? ''] ?? first;
  return [first === 'files' ? 'zk_file' : toSnake(first), ...below].join('.');
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
