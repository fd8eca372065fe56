/** The signing service as the settings name it. */
import { bySignature, byToken, type ServiceLine } from '../../exchange/index.ts';
import type { House } from '../../models/house.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import { readToken } from './key-settings.ts';
import type { Settings } from './settings.ts';

/** Undefined when none is connected. `house` is asked for its key only when a request is to be signed. */
export function keyServiceOf({ keyService }: Settings, house: () => House): ServiceLine | undefined {
  if (!keyService) return undefined;
  const { url, tokenFile } = keyService;
  const signed: ServiceLine['authorise'] = async (...request) => {
    const { clock, random } = house();
    const { key } = await openHouseKey(house(), 'repository', 'SM2');
    return bySignature(key, clock, random)(...request);
  };
  const random = (count: number) => house().random(count);
  return { url, random, authorise: tokenFile === undefined ? signed : byToken(readToken(tokenFile)) };
}
