/** The faults of paper that was asked for (第十六条). */
import { type FaultWords, words } from './fault-words.ts';

export const PAPER_FAULTS = {
  PAPER_NOT_NEEDED: words(
    'conflict',
    '该证照可通过共享获得，不得要求提交纸质证照（法律、法规、规章另有规定的，写明依据）',
    'The licence can be had by sharing: paper is not asked for, unless a law, regulation or rule that is named demands it',
  ),
  LEGAL_BASIS_UNNAMED: words(
    'invalid',
    '须写明法律、法规或规章的名称（《…》）',
    'The law, regulation or rule is named, between 《 and 》',
  ),
  PAPER_NOT_EXCEPTED: words('conflict', '该记录未援用例外规定', 'This request rests on no exception'),
  PAPER_NOT_OBTAINABLE: words(
    'conflict',
    '当日该证照不能通过共享获得，索要纸质证照不违反第十六条',
    'The licence could not be had by sharing on that day: asking for paper was no breach',
  ),
  PAPER_DAY_TO_COME: words('invalid', '该日期尚未到来', 'That day has not come'),
  PAPER_JUDGED: words('conflict', '已经核查处理', 'The bureau has judged this already'),
  PAPER_REPORTED: words(
    'conflict',
    '已反映过同一事项，正在核查或已经认定',
    'You have reported the same already; it is being judged, or was confirmed',
  ),
} satisfies Record<string, FaultWords>;
