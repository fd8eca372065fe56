/** The closed list of roles; systems hold scopes of the same names. */
export const ROLES = [
  'issuer.clerk',
  'issuer.reviewer',
  'issuer.seal-keeper',
  'consumer.window',
  'consumer.approver',
  'bureau.officer',
  'bureau.supervisor',
  'auditor',
  'admin.system',
  'admin.security',
  'admin.audit',
  'holder',
] as const;

export type Role = (typeof ROLES)[number];

/** As people say them. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  'issuer.clerk': '签发经办',
  'issuer.reviewer': '签发审核',
  'issuer.seal-keeper': '用章管理',
  'consumer.window': '窗口用证',
  'consumer.approver': '审批用证',
  'bureau.officer': '数据局经办',
  'bureau.supervisor': '数据局监督',
  auditor: '审计查询',
  'admin.system': '系统管理员',
  'admin.security': '安全管理员',
  'admin.audit': '审计管理员',
  holder: '持证主体',
};
