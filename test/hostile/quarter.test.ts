import { expect } from 'chai';
import { createDatabase } from '../world/mariadb.ts';
import { requireProgram } from '../world/programs.ts';
import { compareOutcomes } from './quarter/compare-outcomes.ts';
import { predict } from './quarter/predict.ts';
import { passTimes } from './quarter/run-jobs.ts';
import type { Step } from './quarter/story.ts';
import { writeStory } from './quarter/write-story.ts';
import { type QuarterReport, runQuarter } from './quarter-campaign.ts';

/** A short form of `npm run campaign:quarter`. */
describe('a quarter of forty departments', () => {
  let report: QuarterReport;
  const said: string[] = [];
  const size = { licences: 1000, objections: 300, passes: 2, seed: 20260331 };

  before(async function () {
    this.timeout(300_000);
    requireProgram(this, 'mariadbd');
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

  it('would be told apart from one in which one step is left out, one minute is another, or one case stands twice', () => {
    const story = writeStory(size);
    const passes = passTimes(size.passes);
    const whole = predict(story, passes);
    const without = (left: (step: Step) => boolean) =>
      compareOutcomes(whole, predict({ ...story, steps: story.steps.filter((step) => !left(step)) }, passes)).length;
    const notice = story.steps.find(({ act }) => act === 'notice');
    const filing = story.steps.find(({ act }) => act === 'withdraw');
    expect(without(() => false)).to.equal(0);
    for (const one of [notice, filing]) expect(without((step) => step === one)).to.be.greaterThan(0);
    const [first] = whole.listed;
    if (!first) throw new Error('nothing is late');
    const later = [{ ...first, lateMinutes: first.lateMinutes + 1 }, ...whole.listed.slice(1)];
    expect(compareOutcomes(whole, { ...whole, listed: later })).to.have.length(2);
    expect(compareOutcomes(whole, { ...whole, listed: [first, ...whole.listed] })).to.have.length(1);
  });
});
