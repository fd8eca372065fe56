/** Genuine OFD files of ours in all shapes, and of signers whose certificates are good though their time has passed, their
 *  chains are long, or revocation says nothing. */
import { sealOfd, signOfd } from '../../../signing/index.ts';
import { packFiles } from '../../../signing/zip/packed-file.ts';
import { smallPackage } from '../../signing/ofd/sealed-package.ts';
import type { GoodCase } from './case.ts';
import { certificatesOf, revocationsOf, timesOf } from './good-ofd-certificates.ts';
import type { OfdWorld } from './ofd-world.ts';
import { PAGE_IDS, richFiles } from './rich-package.ts';
import { encodeSeal, encodeStamp } from './seals.ts';
import { strangerOfd } from './stranger-ofd.ts';

async function* shapes({ office, bases, hand, policy }: OfdWorld): AsyncGenerator<GoodCase> {
  const good = (name: string, bytes: Uint8Array, changes: Partial<GoodCase> = {}): GoodCase => {
    return { family: 'OFD of ours', format: 'ofd', name, bytes, policy: office.policy, warned: [], ...changes };
  };
  const rich = () => ({ files: packFiles(richFiles()), pageIds: PAGE_IDS });
  for (const { name, bytes, policy: believed } of Object.values(bases)) yield good(name, bytes, { policy: believed });
  const box = [120, 200, 42, 42] as const;
  const seams = [0, 1].map((page) => ({
    page,
    box: [200, 100, 42, 42] as const,
    clip: [page * 21, 0, 21, 42] as const,
  }));
  for (const [words, stamps] of [
    ['one stamp', [{ page: 0, box }]],
    ['a stamp on the second page', [{ page: 1, box }]],
    [
      'two stamps on one page',
      [
        { page: 0, box },
        { page: 0, box: [10, 10, 42, 42] as const },
      ],
    ],
    ['a seal over the seam', seams],
    ['stamps and a seam', [{ page: 0, box }, ...seams]],
    ['a stamp over the edge', [{ page: 0, box: [-20, 280.25, 42, 42] as const }]],
  ] as const) {
    yield good(`small, ${words}`, await office.press({ stamps: [...stamps] }, smallPackage()));
    yield good(`rich, ${words}`, await office.press({ stamps: [...stamps] }, rich()));
  }
  for (const name of ['郑州市市场监督管理局', '长'.repeat(60), 'A & B <Ltd> "x"', "O'Neil", '﨑𠮷']) {
    const member = await office.member(name.slice(0, 40));
    const seal = await office.sealFor(member.certificate, name);
    const provider = { ...office.request.provider, company: name };
    yield good(`in the name of ${name.slice(0, 20)}`, await office.press({ signer: member, seal, provider }, rich()));
  }
  const timeStamper = office.clock(office.tsa, new Date('2026-06-02T03:05:00Z'));
  const believed = { ...office.policy, certificates: [...(office.policy.certificates ?? []), office.tsa.certificate] };
  const stamped = await office.press({ timeStamper }, rich());
  yield good('with a time-stamp', stamped, { policy: believed });
  yield good('with a time-stamp, judged in twenty years', stamped, {
    policy: { ...believed, at: new Date('2046-01-01T00:00:00Z') },
  });
  yield good('judged in twenty years', bases.sealed.bytes, {
    policy: { ...office.policy, at: new Date('2046-01-01T00:00:00Z') },
  });
  yield good('judged at the second of signing', bases.sealed.bytes, {
    policy: { ...office.policy, at: office.request.at },
  });
  yield good('signed alone, with proof', await signOfd(rich(), office.outer));
  yield good(
    'signed twice',
    await signOfd(bases.signed.bytes, {
      ...office.outer,
      timeStamper: office.clock(office.tsa, new Date('2026-06-02T05:01:00Z')),
      at: new Date('2026-06-02T05:00:00Z'),
    }),
  );
  yield good(
    'sealed, signed, sealed again',
    await sealOfd(bases.signed.bytes, { ...office.request, at: new Date('2026-06-02T06:00:00Z') }),
  );
  const lists = [await office.listOf(), await office.listOf([], office.authority.sm2.root)];
  yield good('with revocation lists', bases.sealed.bytes, { policy: { ...office.policy, crls: lists } });
  yield good('of an accepted maker', bases.sealed.bytes, {
    policy: { ...office.policy, sealMakers: [office.maker.certificate] },
  });
  yield good('of a maker whose authority is accepted', bases.sealed.bytes, {
    policy: { ...office.policy, sealMakers: [office.authority.sm2.issuing.certificate] },
  });
  const both = { ...policy, certificates: [...(policy.certificates ?? []), ...(office.policy.certificates ?? [])] };
  yield good('of others, sealed by us too', await sealOfd(bases.foreign.bytes, office.request), { policy: both });
  yield good('of others, signed by us too', await signOfd(strangerOfd(hand), office.outer), { policy: both });
}

export async function* goodOfdOurs(world: OfdWorld): AsyncGenerator<GoodCase> {
  const { maker, policy } = world;
  yield* shapes(world);
  const families = { 'OFD certificates': certificatesOf, 'OFD revocation lists': revocationsOf, 'OFD times': timesOf };
  for (const [family, makeAll] of Object.entries(families)) {
    for (const { words, signer, given = [], lists, stamp, at } of makeAll(world)) {
      const seal = encodeSeal({ maker, signers: [signer.certificate] });
      const bytes = strangerOfd(
        { signer, maker },
        { value: (dataHash, propertyInfo) => encodeStamp({ seal, signer, dataHash, propertyInfo, ...stamp }) },
      );
      const certificates = [...(policy.certificates ?? []), ...given.map(({ certificate }) => certificate)];
      const believed = {
        ...policy,
        certificates,
        ...(lists ? { crls: lists } : {}),
        ...(at ? { at: new Date(at) } : {}),
      };
      yield { family, format: 'ofd', name: words, bytes, policy: believed, warned: [] };
    }
  }
}
