import { expect } from 'chai';
import Libsql from 'libsql';
import { checkRawTables } from './check-raw-tables.ts';
import { runKillCampaign } from './kill-campaign.ts';
import { runPointsCampaign } from './points-campaign.ts';

/** A short form of `npm run campaign:kill`. */
describe('a server killed in the midst of its work', () => {
  it('has done every answered thing once, and finished or voided all others', async function () {
    this.timeout(120_000);
    this.slow(40_000);
    const seed = 20_261;
    const blind: string[] = [];
    const report = await runKillCampaign({
      ...{ kills: 3, seed, licences: 18, say: () => undefined },
      inspect(places, expected) {
        for (const [what, file, sql] of [
          ['an open intent', places.cityFile, "UPDATE licence_intents SET state = 'intended' WHERE rowid = 1"],
          ['an altered log', places.cityFile, "UPDATE audit_entries SET actor_id = 'nobody' WHERE seq = 7"],
          ['an unlike status', places.provinceFile, "UPDATE subjects SET record = '{}' WHERE subject LIKE 'licence:%'"],
          ['a lost receipt', places.frontEndFile, "UPDATE zk_licence SET state = 1 WHERE business_key = 'K-1'"],
        ] as const) {
          const before = checkRawTables(places, expected).faults.length;
          const database = new Libsql(file);
          database.exec(sql);
          database.close();
          if (checkRawTables(places, expected).faults.length <= before) blind.push(what);
        }
      },
    });
    expect(report.faults, `seed ${seed}`).to.deep.equal([]);
    expect(report.counts).to.include({ online: 18 });
    expect(blind, 'what the count would overlook').to.deep.equal([]);
  });
});

/** A short form of `npm run campaign:points`. */
describe('a server killed between intending a licence and confirming it', () => {
  it('leaves no signature without an account', async function () {
    this.timeout(180_000);
    this.slow(60_000);
    const points = ['intended', 'ofd-sealed', 'pdf-stored', 'confirming'] as const;
    const { faults, counts } = await runPointsCampaign({ times: 1, points, seed: 20_263, say: () => undefined });
    expect(faults).to.deep.equal([]);
    expect(counts).to.include({ kills: 4, 'killed ofd-sealed': 1, 'killed confirming': 1 });
    expect(counts.voided).to.be.at.least(3);
  });
});
