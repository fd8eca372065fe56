import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { signNotice } from '../../../exchange/webhook/sign-notice.ts';
import { RETRY_TABLE } from '../../../models/subscription/retry-table.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

const GUIDE = readFileSync('docs/webhooks.md', 'utf8');
const UNITS: Readonly<Record<string, number>> = { 秒: 1, 分钟: 60, 小时: 3600 };

describe('what integrators are told of notices', () => {
  it('names the retry table as it is', () => {
    const [, row = ''] = /^\| 间隔 \|(.*)\|$/m.exec(GUIDE) ?? [];
    const seconds = row.split('|').map((cell) => {
      const [, count, unit = ''] = /(\d+) (\S+)/.exec(cell) ?? [];
      return Number(count) * (UNITS[unit] ?? Number.NaN);
    });
    expect(seconds).to.deep.equal(RETRY_TABLE);
  });

  it('verifies a notice by the example, and refuses one that was altered', async () => {
    const [, example = ''] = /```js\n([\s\S]*?)```/.exec(GUIDE) ?? [];
    const folder = temporaryFolder();
    try {
      const file = join(folder.path, 'verify.mjs');
      writeFileSync(file, example);
      const { verify } = (await import(pathToFileURL(file).href)) as {
        verify(secret: string, headers: object, body: string): boolean;
      };
      const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
      const older = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
      const headers = await signNotice({ secrets: [secret, older] }, 'id', new Date(1_772_413_200_000), '{"a":1}');
      expect(headers['webhook-timestamp']).to.equal('1772413200');
      for (const known of [secret, older]) expect(verify(known, headers, '{"a":1}')).to.equal(true);
      expect(verify(secret, headers, '{"a":2}')).to.equal(false);
      expect(verify(secret, { ...headers, 'webhook-id': 'other' }, '{"a":1}')).to.equal(false);
    } finally {
      folder.remove();
    }
  });
});
