import { expect } from 'chai';
import { createDatabase } from '../world/mariadb.ts';
import { requireProgram } from '../world/programs.ts';
import { type QuarterReport, runQuarter } from './quarter-campaign.ts';

/** A short form of `npm run campaign:quarter`. */
describe('a quarter of forty departments', () => {
  let report: QuarterReport;
  const said: string[] = [];

  before(async function () {
    this.timeout(300_000);
    requireProgram(this, 'mariadbd');
    const size = { licences: 1000, objections: 300, passes: 4, seed: 20260331 };
    report = await runQuarter({ ...size, createDatabase, say: (line) => said.push(line) });
  });

  it('ends with every overdue case in the report once, with its article and minutes, whether or not the scheduler stood still', () => {
    expect(report.faults, said.join('; ')).to.deep.equal([]);
  });

  it('has cases late under every article, and many that are not', () => {
    const { licences, objections, overdue, offlineLate, batchesLate, answersLate, correctionsLate } = report.counts;
    expect({ licences, objections }).to.deep.equal({ licences: 1000, objections: 300 });
    for (const count of [offlineLate, batchesLate, answersLate, correctionsLate]) expect(count).to.be.at.least(10);
    expect(overdue).to.be.within(200, 700);
  });
});
