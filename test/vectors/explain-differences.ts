/** Where a library answers otherwise than the standards ask, and why. Each rule was found by running the library; the tests
 *  refuse a difference that is not here, and a rule that is no longer true. */
import type { Difference, EdgeCase } from './sm2-edge-file.ts';

interface Rule {
  readonly library: string;
  readonly applies: (one: EdgeCase) => boolean;
  readonly accepts: Difference['accepts'];
  readonly why: string;
}

const has =
  (...flags: readonly string[]) =>
  (one: EdgeCase): boolean =>
    one.flags.some((flag) => flags.includes(flag));
const says =
  (...comments: readonly string[]) =>
  (one: EdgeCase): boolean =>
    comments.includes(one.comment);
const inDer = (test: (one: EdgeCase) => boolean) => (one: EdgeCase) => one.group === 'der' && test(one);

const RULES: readonly Rule[] = [
  {
    library: 'sm-crypto-v2',
    applies: inDer(has('WrongTag')),
    accepts: true,
    why: 'reads lengths only and never looks at tags',
  },
  {
    library: 'sm-crypto-v2',
    applies: inDer(has('LongLength')),
    accepts: true,
    why: 'takes lengths in any form, and does not compare the outer length with what is there',
  },
  {
    library: 'sm-crypto-v2',
    applies: has('NotMinimal'),
    accepts: true,
    why: 'takes leading zero bytes of an INTEGER without end',
  },
  {
    library: 'sm-crypto-v2',
    applies: has('MissingSign'),
    accepts: true,
    why: 'reads INTEGERs without their sign',
  },
  {
    library: 'sm-crypto-v2',
    applies: has('Trailing', 'Indefinite'),
    accepts: true,
    why: 'looks at nothing behind s, and not at the outer length',
  },
  {
    library: 'sm-crypto-v2',
    applies: says('sG + tP at infinity, r = e'),
    accepts: true,
    why: 'takes the x of the point at infinity for 0: a value with r = e that anyone who knows d can make',
  },
  {
    library: 'sm-crypto-v2',
    applies: has('IdentityTooLong'),
    accepts: true,
    why: 'lets ENTL run over',
  },
  {
    library: 'sm-crypto-v2',
    applies: says('compressed point'),
    accepts: true,
    why: 'opens compressed points; the one behind this form is the key that signed',
  },
  {
    library: 'openssl',
    applies: says('compressed point', 'hybrid point'),
    accepts: true,
    why: 'opens compressed and hybrid points; the one behind this form is the key that signed',
  },
  {
    library: 'openssl',
    applies: says('long length at the key', 'indefinite length at the key (BER)'),
    accepts: true,
    why: 'reads keys as BER',
  },
  {
    library: 'openssl',
    applies: (one) => one.group === 'key' && one.comment === 'a zero byte behind the key',
    accepts: true,
    why: 'reads one key from the beginning of a file and leaves the rest',
  },
  {
    library: 'openssl',
    applies: says('8191 bytes: ENTL of 65528, the greatest there is'),
    accepts: false,
    why: 'takes identifiers of up to 8190 bytes',
  },
];

/** What is asked of sm-crypto-v2 is a point: a key that is no point in the usual shell cannot be put to it. */
const USUAL_SHELL = /^30[0-7].301306072a8648ce3d020106082a811ccf5501822d03[0-7].00/;
const NOT_ASKED: Difference = { accepts: null, why: 'reads points, not SubjectPublicKeyInfo; cannot be asked' };

/** The case with what is known of other answers. A rule that only repeats what is expected is left out. */
export function explainDifferences(one: EdgeCase): EdgeCase {
  const differs: Record<string, Difference> = {};
  for (const { library, applies, accepts, why } of RULES) {
    const same = accepts === (one.expected === 'valid');
    if (applies(one) && !same && !EXCEPTIONS.has(one.comment)) differs[library] ??= { accepts, why };
  }
  if (!USUAL_SHELL.test(one.publicKey)) differs['sm-crypto-v2'] = NOT_ASKED;
  return Object.keys(differs).length === 0 ? one : { ...one, differs };
}

/** Cases of those flags on which all agree: what is wrong comes before the values, or takes their place. */
const EXCEPTIONS: ReadonlySet<string> = new Set([
  'long tag in the place of SEQUENCE',
  'NULL before r',
  'NULL between r and s',
  'a byte before the SEQUENCE',
  'constructed INTEGERs (BER)',
  'a length of 2^32 − 1 at r',
]);
