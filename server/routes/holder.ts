/** What a holder sees: their own licences. The sealed original comes from /api/v1/licences/:id/files/:format. */
import { listHeld } from '../../models/licence/index.ts';
import { route } from '../http/route.ts';
import { heldLicenceAnswer } from './answers/licence.ts';
import { pageOf } from './answers/page.ts';
import { pageQuery } from './paging.ts';

export const holderRoutes = [
  route({
    method: 'get',
    path: '/api/v1/my/licences',
    tag: '持证人',
    zh: '我的证照',
    en: 'The holder’s own licences',
    answer: pageOf(heldLicenceAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listHeld(house, caller, query),
  }),
];
