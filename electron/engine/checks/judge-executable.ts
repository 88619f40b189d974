import { assertNever } from '../../../shared/text/assert-never.ts'
import { toOneLine } from '../../../shared/text/plain-words.ts'
import { hidePasswords } from '../../sql/redact-sql.ts'
import type { HookResult } from '../ports/hooks.ts'
import type { Finding } from './finding.ts'

/** A user's executable as it stands in the configuration. */
export interface Executable {
  readonly command: readonly string[]
  readonly timeoutSeconds: number
}

/** What the end of an executable means: exit 0 passes, a timeout could not be judged, all else fails. */
export function judgeExecutable(hook: Executable, tenant: string | null, result: HookResult): Finding {
  const finding = (verdict: 'passed' | 'failed' | 'inconclusive', fact: string, remedy: string): Finding => ({
    verdict,
    evidence: tenant === null ? { fact } : { tenant, fact },
    remedy,
  })
  switch (result.status) {
    case 'exited':
      if (result.exitCode === 0) return finding('passed', `exit 0${describeOutput(result)}`, '')
      return finding('failed', `exit ${result.exitCode}${describeOutput(result)}`, runItself(hook))
    case 'killed':
      return finding('failed', `ended by ${result.signal}${describeOutput(result)}`, runItself(hook))
    case 'timed_out':
      return finding(
        'inconclusive',
        `no end within ${hook.timeoutSeconds} s, so it was killed${describeOutput(result)}`,
        'Make the hook faster, or raise its timeoutSeconds.',
      )
    case 'not_started':
      return finding(
        'failed',
        `could not be started: ${result.code}`,
        `Check that ${hook.command[0]} exists and may be executed.`,
      )
    default:
      return assertNever(result)
  }
}

function runItself(hook: Executable): string {
  // The arguments stay out: they may hold what the configuration took from the environment.
  return `Run it by hand, with its arguments from the configuration: ${hook.command[0]}`
}

/** What a hook wrote last usually says why; error output first. */
function describeOutput({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  const lines = hidePasswords(stderr.trim() || stdout.trim()).split('\n')
  const text = toOneLine(lines.slice(-5).join(' / '))
  return text === '' ? '' : `: ${text}`
}
