/** Shows that this machine's SM2 is the SM2 of GB/T 32918, with the published example of part 5 annex A. */
import { SigningError } from '../error.ts';
import { toSm2Point } from './curve.ts';
import type { Sm2Engine } from './engine.ts';
import { DEFAULT_ID, identityDigest } from './identity.ts';
import { importPrivate, NATIVE_SM2 } from './native-sm2.ts';
import { PORTABLE_SM2 } from './portable-sm2.ts';
import { toSm2SignatureDer } from './signature-value.ts';

const D = '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8';
const PUBLIC =
  '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
  'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13';
const R = BigInt('0xf5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3');
const S = BigInt('0xb1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa');
const PKCS8_HEAD = '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420';

function passes(engine: Sm2Engine): boolean {
  try {
    const point = toSm2Point(Buffer.from(PUBLIC, 'hex'));
    const identity = identityDigest(point, DEFAULT_ID);
    const message = Buffer.from('message digest');
    const published = toSm2SignatureDer({ r: R, s: S });
    if (!engine.verify(point, identity, message, published)) return false;
    if (engine.verify(point, identity, Buffer.from('message digesT'), published)) return false;
    const imported = importPrivate(Buffer.from(`${PKCS8_HEAD}${D}a144034200${PUBLIC}`, 'hex'));
    // a signature made here must hold for the other implementation, not only for its maker
    return PORTABLE_SM2.verify(point, identity, message, engine.sign({ imported, point }, identity, message));
  } catch {
    return false;
  }
}

let chosen: Sm2Engine | undefined;

/** The engine that passed the self test: Node's own, else the portable one. Tested once a process.
 *  @throws SELF_TEST_FAILED when neither reproduces the published example. */
export function testedSm2Engine(): Sm2Engine {
  chosen ??= [NATIVE_SM2, PORTABLE_SM2].find(passes);
  if (chosen === undefined) throw new SigningError('SELF_TEST_FAILED', 'SM2 does not reproduce its published example');
  return chosen;
}

/** Run the self test and say which implementation is used. @throws SELF_TEST_FAILED */
export function selfTestSm2(): 'native' | 'portable' {
  return testedSm2Engine().name;
}
