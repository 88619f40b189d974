import { describe, expect, it } from 'vitest'
import type { CiSubject } from '../../electron/reports/ci-subject.ts'
import { type CodeQualityIssue, writeCodeQuality } from '../../electron/reports/gitlab-code-quality.ts'
import { makeFinding, nastyText } from '../shared/samples/findings.ts'

const subject: CiSubject = {
  toolVersion: '0.1.0',
  project: 'acme',
  environment: null,
  plan: null,
  findings: [],
  run: null,
  paths: { sources: '', config: 'lockstep.yml' },
}

function issuesOf(findings: CiSubject['findings']): readonly CodeQualityIssue[] {
  return JSON.parse(writeCodeQuality({ ...subject, findings }))
}

describe('the Code Quality report', () => {
  it('holds the fields that GitLab reads', () => {
    expect(issuesOf([makeFinding()])).toEqual([
      {
        description:
          'create index on public.orders blocks writes until it is done. Build it concurrently, in a revision of its own.',
        check_name: 'lockstep/index_without_concurrently',
        fingerprint: 'f'.repeat(64),
        severity: 'critical',
        location: { path: 'migrations/0004_add_index.up.sql', lines: { begin: 3 } },
      },
    ])
  })

  it('puts the worst first, leaves out what was accepted, and gives each its own fingerprint', () => {
    const issues = issuesOf([
      makeFinding({ severity: 'note', place: null }),
      makeFinding({ waived: { by: 'inline', reason: 'empty' } }),
      makeFinding({ severity: 'warning' }),
      makeFinding(),
    ])
    expect(issues.map(({ severity }) => severity)).toEqual(['critical', 'major', 'info'])
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(3)
    expect(issues[2]?.location).toEqual({ path: 'lockstep.yml', lines: { begin: 1 } })
  })

  it('is an empty list when nothing was found, and holds any text', () => {
    expect(issuesOf([])).toEqual([])
    expect(issuesOf([makeFinding({ message: nastyText })])[0]?.description).toContain('red link bold')
  })
})
