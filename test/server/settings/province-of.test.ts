import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { provinceOf } from '../../../server/settings/province-of.ts';
import { readSettings } from '../../../server/settings/settings.ts';
import { generateSoftwareKey, softwareKeyFromPkcs8, toPem } from '../../../signing/index.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';

describe('the province of the settings', () => {
  it('is its address and the public key in its file', () => {
    const folder = temporaryFolder();
    const { publicKey } = softwareKeyFromPkcs8(generateSoftwareKey('SM2'));
    const keyFile = join(folder.path, 'key.pem');
    writeFileSync(keyFile, toPem('PUBLIC KEY', publicKey));
    const settings = readSettings({
      ...{ ZHENGKU_MODE: 'demo', ZHENGKU_PROVINCE_URL: 'https://province.example/', ZHENGKU_PROVINCE_KEY: keyFile },
    });
    const province = provinceOf(settings);
    expect(province?.url).to.equal('https://province.example');
    expect(Buffer.from(province?.publicKey ?? []).equals(Buffer.from(publicKey))).to.equal(true);
    folder.remove();
  });

  it('is none where none is named', () => {
    expect(provinceOf(readSettings({ ZHENGKU_MODE: 'demo' }))).to.equal(undefined);
  });
});
