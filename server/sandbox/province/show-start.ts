/** The start page: what the library is and what it received last. */
import { encode } from 'html-entities';
import type { Library } from './library.ts';

const SHOWN = 200;

export function showStart(library: Library): string {
  const rows = library.page('', SHOWN).map(({ subject, sequence, receivedAt, record }) => {
    const [kind = '', key = ''] = subject.split(':', 2);
    const { status, state } = JSON.parse(record) as { status?: unknown; state?: unknown };
    const href = `${kind === 'licence' ? '/licences' : '/catalogue'}/${encodeURIComponent(key)}`;
    const cells = [
      `<a href="${encode(href)}">${encode(subject)}</a>`,
      String(sequence),
      encode(String(status ?? state ?? '')),
      encode(receivedAt),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>省综合电子证照库（参考实现）</title>
<meta name="viewport" content="width=device-width">
<style>body{font:16px/1.6 sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid #ddd;overflow-wrap:anywhere}</style>
<h1>省综合电子证照库（参考实现，测试专用）</h1>
<p>共 ${library.count()} 项。Reference provincial library, for development only.</p>
<table><tr><th>标识 Subject</th><th>序号 Sequence</th><th>状态 Status</th><th>接收时间 Received</th></tr>${rows.join('')}</table></html>`;
}
