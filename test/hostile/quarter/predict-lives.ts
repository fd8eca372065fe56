/** What becomes of issued licences, reduced: their changes in order, by the dates on them and by what their issuer does. */
import { startOf } from './arrangement.ts';
import { type Change, DAY, type Push, type StoryLicence } from './story.ts';

interface Life {
  readonly licence: StoryLicence;
  readonly issuedAt: number;
  readonly acts: { readonly act: Change['act']; readonly at: number }[];
}

export interface LifeWorld {
  readonly lives: Map<string, Life>;
}

export function takeChange({ lives }: LifeWorld, step: Push | Change): void {
  if (step.act === 'push') {
    for (const licence of step.licences)
      if (licence.issued) lives.set(licence.number, { licence, issuedAt: step.at, acts: [] });
    return;
  }
  lives.get(step.licence)?.acts.push({ act: step.act, at: step.at });
}

/** The clock's own steps come at the beginning of a day, wherever the acts lie. */
export function changesOf({ lives }: LifeWorld, until: number): string[] {
  return [...lives.values()].flatMap((life) => {
    const { licence, acts, issuedAt } = life;
    const { validFrom, validTo, number } = licence;
    const taking = validFrom === undefined ? null : startOf(validFrom);
    const ending = validTo === undefined ? null : startOf(validTo) + DAY;
    let status = taking !== null && taking > issuedAt ? 'not-yet-effective' : 'valid';
    const steps: { act: string; at: number }[] = [...acts];
    if (status !== 'valid' && taking !== null) steps.push({ act: 'take-effect', at: taking });
    if (ending !== null) steps.push({ act: 'expire', at: ending });
    const lines = [`${number} issue ${status}`];
    for (const { act, at } of steps.sort((a, b) => a.at - b.at)) {
      if (at > until) break;
      status = STATUS_AFTER[act] ?? status;
      lines.push(`${number} ${act} ${status}`);
    }
    return lines.map((line, index) => `${line} ${index + 2}`);
  });
}

const STATUS_AFTER: Readonly<Record<string, string>> = {
  ...{ 'take-effect': 'valid', expire: 'expired', suspend: 'suspended', resume: 'valid' },
};
