export const keys = {
  audit: (stream: string, sequence: number) => ["audit", stream, sequence],
  auditStream: (stream: string) => ["audit", stream],
  auditHead: (stream: string) => ["audit_head", stream],
} as const;
