/** The profiles of front-end tables by name. */
import type { FrontEndProfileName } from '../../models/exchange-state/index.ts';
import type { FrontEndProfile } from './profile.ts';
import { zhengkuProfile } from './zhengku/zhengku-profile.ts';

const PROFILES: Readonly<Partial<Record<FrontEndProfileName, FrontEndProfile>>> = { zhengku: zhengkuProfile };

export function findProfile(name: FrontEndProfileName): FrontEndProfile {
  const profile = PROFILES[name];
  if (!profile) throw new Error(`no profile ${name}`);
  return profile;
}
