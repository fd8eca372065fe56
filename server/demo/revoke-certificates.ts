/** What a revoked certificate means: what was sealed before stays valid, because a time-stamp proves when it was; a key that
 *  was compromised earlier proves nothing since. Shown on a licence of its own, under a seal of its own. */
import { setTimeout as pause } from 'node:timers/promises';
import { accountName } from './account-name.ts';
import { prepareOne, sealOne } from './issue-online.ts';
import { runCommand } from './processes.ts';
import { keysOfLastUse, renewSeal } from './seal-life.ts';
import { expect } from './step.ts';
import type { World } from './world.ts';

const ENTRY = 'civil-defence-acceptance';
/** Another project's. */
const LICENCE_NUMBER = '样人防验〔2026〕9号';
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

export async function revokeCertificates(world: World): Promise<void> {
  const { journey, data } = world;
  const first = data.entries.find(({ name }) => name === ENTRY);
  if (!first) throw new Error(`no entry ${ENTRY}`);
  const fields = { ...first.sample.fields, licenceNumber: LICENCE_NUMBER };
  const entry = { ...first, name: `${ENTRY}-2`, sample: { ...first.sample, fields } };
  const { issuingBody } = entry.definition;
  const id = await journey.step('换发印章后再办一件 a licence under a renewed seal', async () => {
    await renewSeal(world, issuingBody);
    const prepared = await prepareOne(world, entry);
    return String((await sealOne(world, entry, prepared)).licenceId);
  });
  await journey.step('吊销该章证书 its certificates are revoked', async () => {
    const [sm2, rsa] = await keysOfLastUse(world, issuingBody);
    // a revocation list knows whole seconds
    await pause(SECOND_MS);
    const since = new Date(Date.now() - DAY_MS).toISOString();
    await Promise.all([
      runCommand(['key', 'revoke', '--key', sm2, '--reason', 'superseded'], world.env),
      runCommand(['key', 'revoke', '--key', rsa, '--reason', 'keyCompromise', '--since', since], world.env),
    ]);
    await renewSeal(world, issuingBody);
  });
  await journey.step('吊销前签章的仍有效，失密的被拒 sealed before: valid; compromised: refused', async () => {
    const clerk = await world.as(accountName(issuingBody, 'clerk'));
    const judge = async (format: string) => {
      const { bytes } = await clerk.get(`/api/v1/licences/${id}/files/${format}`);
      return (await clerk.upload('/api/v1/verifications', bytes)).json;
    };
    const [ofd, pdf] = [await judge('ofd'), await judge('pdf')];
    expect(ofd.valid === true, `sealed before the revocation: ${JSON.stringify(ofd.checks)}`);
    const checks = pdf.checks as readonly { readonly name: string; readonly outcome: string }[];
    const refused = checks.some(({ name, outcome }) => name === 'revocation' && outcome === 'failed');
    expect(pdf.valid === false && refused, `signed with a compromised key: ${JSON.stringify(pdf.checks)}`);
  });
}
