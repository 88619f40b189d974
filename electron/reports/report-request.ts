/** The reports that CI systems read. */
export const reportKinds = ['junit', 'sarif', 'github', 'gitlab'] as const

export type ReportKind = (typeof reportKinds)[number]

/** A report that was asked for, as `--report=kind[:path]` says it. */
export interface ReportRequest {
  readonly kind: ReportKind
  /** `-` is standard output; null is where such a report belongs. */
  readonly path: string | null
}

/** Where a report goes by default; null for the one that GitHub names itself. */
export const defaultReportPaths: { readonly [K in ReportKind]: string | null } = {
  junit: 'lockstep-junit.xml',
  sarif: 'lockstep.sarif',
  github: null,
  gitlab: 'gl-code-quality-report.json',
}
