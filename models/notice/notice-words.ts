/** What a notice can be of, and the words for it. Closed: what tells something new adds its kind here. */
interface NoticeWords {
  readonly zh: string;
  readonly en: string;
}

export const NOTICE_WORDS = {
  'clock.warned': { zh: '时限将到', en: 'A deadline runs out' },
  'clock.overdue': { zh: '已逾期', en: 'A deadline has passed' },
  'licence.returned': { zh: '提交的证照被退回', en: 'A submission was returned by its reviewer' },
  'objection.filed': { zh: '收到异议', en: 'An objection was filed' },
  'objection.escalated': { zh: '异议逾期未答复，已报主管部门', en: 'An objection was not answered in time' },
  'objection.answered': { zh: '异议已答复', en: 'An objection was answered' },
  'objection.corrected': { zh: '异议成立后已更正', en: 'The licence was corrected after an objection' },
  'objection.withdrawn': { zh: '异议已撤回', en: 'An objection was withdrawn' },
  'objection.reminded': { zh: '主管部门催办异议', en: 'The bureau reminds of an objection' },
  'inspection.due': { zh: '年检将到期', en: 'An annual inspection is due' },
  'inspection.missed': { zh: '未按期年检', en: 'An annual inspection was missed' },
  'commitment.due': { zh: '承诺材料将到期', en: 'Promised material falls due' },
  'commitment.late': { zh: '承诺材料逾期未补', en: 'Promised material is late' },
  'commitment.annulled': { zh: '告知承诺审批决定已撤销', en: 'An approval by commitment was annulled' },
  'order.issued': { zh: '收到整改通知', en: 'A rectification order was issued' },
  'order.late': { zh: '整改逾期', en: 'A rectification order is late' },
  'analysis.filed': { zh: '收到批量分析申请', en: 'An application for bulk analysis was filed' },
  'order.answered': { zh: '整改情况已报送', en: 'A body has answered a rectification order' },
  'order.decided': { zh: '整改通知有新的处理结果', en: 'The bureau has decided on a rectification order' },
  'circular.published': { zh: '通报批评', en: 'A circular of criticism was published' },
  'paper.reported': { zh: '收到索要纸质材料的反映', en: 'A holder reports that paper was asked for' },
  'paper.judged': { zh: '索要纸质材料的反映已核查', en: 'The bureau has judged a report of paper asked for' },
  'paper.found': { zh: '认定违规索要纸质材料', en: 'The bureau has found that paper was asked for in breach' },
  'analysis.decided': { zh: '批量分析申请已审批', en: 'An application for bulk analysis was decided' },
  'analysis.ready': { zh: '批量分析数据可以下载', en: 'A bulk analysis is ready to be downloaded' },
  'analysis.failed': { zh: '批量分析数据未能交付', en: 'A bulk analysis could not be delivered' },
  'analysis.revoked': { zh: '批量分析授权已收回', en: 'A grant for bulk analysis was taken back' },
  'move.failed': { zh: '自动办理未成', en: 'A move by the clock failed' },
} as const satisfies Readonly<Record<string, NoticeWords>>;

export type NoticeKind = keyof typeof NOTICE_WORDS;
