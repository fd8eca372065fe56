/** The profiles of front-end tables by name. */
import type { FrontEndProfileName } from '../../models/exchange-state/index.ts';
import { henanProfile } from '../henan/front-end/henan-profile.ts';
import type { FrontEndProfile } from './profile.ts';
import { zhengkuProfile } from './zhengku/zhengku-profile.ts';

const PROFILES: Readonly<Record<FrontEndProfileName, FrontEndProfile>> = {
  zhengku: zhengkuProfile,
  henan: henanProfile,
};

export function findProfile(name: FrontEndProfileName): FrontEndProfile {
  return PROFILES[name];
}
