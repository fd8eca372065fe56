/** A hybrid PDF (ISO 32000-1 §7.5.8.4): a revision whose table hides objects in a stream beside it. */

/** Append such a revision to a file with a table: one more object, inside an object stream. */
export function hybridPdf(plain: Uint8Array): Uint8Array {
  const text = Buffer.from(plain).toString('latin1');
  const size = Number(/\/Size (\d+)/.exec(text)?.[1]);
  const root = /\/Root \d+ 0 R/.exec(text)?.[0];
  const previous = /startxref\s+(\d+)/.exec(text)?.[1];
  const [hidden, pack, xref] = [size, size + 1, size + 2];
  let out = `${text.trimEnd()}\n`;
  const head = `${hidden} 0 `;
  const packAt = out.length;
  out += `${pack} 0 obj\n<< /Type /ObjStm /N 1 /First ${head.length} /Length ${head.length + 16} >>\nstream\n`;
  out += `${head}<< /Hidden 1 >>\n\nendstream\nendobj\n`;
  const streamAt = out.length;
  const row = (kind: number, value: number, third: number): string =>
    String.fromCharCode(kind, value >> 16, (value >> 8) & 255, value & 255, third);
  const rows = row(2, pack, 0);
  out += `${xref} 0 obj\n<< /Type /XRef /W [1 3 1] /Index [${hidden} 1] /Size ${xref + 1} ${root} /Length ${rows.length} >>\n`;
  out += `stream\n${rows}\nendstream\nendobj\n`;
  const tableAt = out.length;
  const entry = (offset: number): string => `${String(offset).padStart(10, '0')} 00000 n \n`;
  out += `xref\n${pack} 2\n${entry(packAt)}${entry(streamAt)}`;
  out += `trailer\n<< /Size ${xref + 1} ${root} /Prev ${previous} /XRefStm ${streamAt} >>\nstartxref\n${tableAt}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}
