/** The whole quarter from a seed. */
import { PUBLISHED_AT } from './arrangement.ts';
import { makeChance } from './chance.ts';
import { END, type Push, type Step, type Story } from './story.ts';
import { writeCases } from './write-cases.ts';
import { writeObjections } from './write-objections.ts';

export function writeStory(options: {
  readonly seed: number;
  readonly licences: number;
  readonly objections: number;
}): Story {
  const chance = makeChance(options.seed);
  const cases = inOrder(writeCases(chance, options.licences));
  const pushes = cases.filter((step): step is Push => step.act === 'push' && step.at < END);
  const objections = writeObjections(chance, pushes, options.objections);
  const published: Step = { act: 'calendar', at: PUBLISHED_AT };
  return { ...options, steps: inOrder([...cases, ...objections, published]).filter(({ at }) => at < END) };
}

/** What was written first comes first at the same time. */
const inOrder = (steps: readonly Step[]) => [...steps].sort((a, b) => a.at - b.at);
