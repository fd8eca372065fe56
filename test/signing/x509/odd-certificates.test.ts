import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { judgeCertificate } from '../../../signing/x509/judge-certificate.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { trustStoreOf } from '../../../signing/x509/trust-store.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { ODD_CASES, type OddCase } from './odd-certificate-cases.ts';

const AT = new Date('2026-06-01T00:00:00Z');

function ours({ leaf, authority }: OddCase): string {
  try {
    const store = trustStoreOf({ certificates: [parseCertificate(authority).raw], at: AT });
    const { checks } = judgeCertificate(parseCertificate(leaf), store, AT, 'leaf');
    const faults = checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code);
    return faults.length === 0 ? 'taken' : `refused ${faults.join()}`;
  } catch (error) {
    if (error instanceof SigningError) return `refused ${error.code} ${error.message}`;
    throw error;
  }
}

describe('odd SM2 certificates', () => {
  it('are more than a few dozen, each under a name of its own, and every difference is explained', () => {
    expect(ODD_CASES.length).to.be.greaterThan(60);
    expect(new Set(ODD_CASES.map(({ name }) => name)).size).to.equal(ODD_CASES.length);
    for (const { name, ours: own, openssl, why } of ODD_CASES) {
      expect(why !== undefined, name).to.equal(own !== openssl);
    }
  });

  it('are taken or refused as it is written down', () => {
    const wrong = ODD_CASES.filter((one) => !ours(one).startsWith(one.ours));
    expect(wrong.map((one) => `${one.name}: ${ours(one)}`)).to.deep.equal([]);
  });

  it('are taken or refused by openssl as it is written down', function () {
    this.timeout(60_000);
    const openssl = requireProgram(this, 'openssl');
    const folder = temporaryFolder();
    const verify = ({ leaf, authority }: OddCase): string => {
      const file = (name: string, der: Uint8Array): string => {
        const pem = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n');
        writeFileSync(join(folder.path, name), `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`);
        return join(folder.path, name);
      };
      const id = ['-vfyopt', 'distid:1234567812345678'];
      const at = ['-attime', String(AT.getTime() / 1000), '-purpose', 'smimesign', '-partial_chain'];
      const run = spawnSync(
        openssl,
        ['verify', ...id, ...at, '-CAfile', file('ca.pem', authority), file('leaf.pem', leaf)],
        {
          encoding: 'utf8',
        },
      );
      return run.status === 0 ? 'taken' : `refused ${run.stdout}${run.stderr}`;
    };
    try {
      const wrong = ODD_CASES.flatMap((one) => {
        const verdict = verify(one);
        return verdict.startsWith(one.openssl) ? [] : [`${one.name}: ${verdict.slice(0, 300)}`];
      });
      expect(wrong).to.deep.equal([]);
    } finally {
      folder.remove();
    }
  });
});
