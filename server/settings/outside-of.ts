/** Whom sealing may ask outside, as the settings name them. */
import { makeSealService, makeSignDigest, makeTimeStamper, type ServiceLine } from '../../exchange/index.ts';
import type { Outside } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { ImprintHash } from '../../signing/index.ts';
import type { Settings } from './settings.ts';

/** `service`: the signing service, which also presses the seals it holds; undefined: none is connected. */
export function outsideOf(
  { timeStampUrls }: Settings,
  service: ServiceLine | undefined,
  given: Pick<Parameters<typeof makeTimeStamper>[0], 'clock' | 'random'>,
): Outside {
  const urls: Readonly<Record<ImprintHash, string | undefined>> = { sm3: timeStampUrls.sm2, sha256: timeStampUrls.rsa };
  const stampers = Object.entries(urls).flatMap(([hash, url]) =>
    url ? [makeTimeStamper({ ...given, url, hash: hash as ImprintHash, fetch: globalThis.fetch })] : [],
  );
  const seals = service && makeSealService(service);
  return {
    ...(service ? { signDigest: makeSignDigest(service) } : {}),
    async pressSeal(name, request) {
      if (!seals) throw new Fault('SEAL_SERVICE_MISSING', { detail: name });
      return seals.press(request);
    },
    stamp: Object.fromEntries(stampers.map(({ hash, stamp }) => [hash, stamp])),
  };
}
