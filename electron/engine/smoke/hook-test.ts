import { assertNever } from '../../../shared/assert-never.ts'
import type { SmokeSettings } from '../../../shared/config/policy.ts'
import { mapConcurrently } from '../../../shared/map-concurrently.ts'
import { countOf, toOneLine } from '../../../shared/plain-words.ts'
import type { Tenant } from '../../../shared/topology.ts'
import { answerFromFindings, type Finding } from '../gates/finding.ts'
import type { HookResult } from '../ports/hooks.ts'
import type { SmokeContext, SmokeTest } from './smoke-test.ts'

type HookSettings = SmokeSettings['hooks'][number]

/** Makes a smoke test of a user's own executable: exit 0 passes, a timeout could not be judged, all else fails. */
export function createHookTest(hook: HookSettings): SmokeTest {
  return {
    name: `hook:${hook.name}`,
    momentary: true,
    async judge(context, signal) {
      const rounds: readonly (readonly Tenant[])[] =
        hook.per === 'tenant' ? context.tenants.map(tenant => [tenant]) : [context.tenants]
      const results = await mapConcurrently(rounds, 2, async tenants => ({
        tenants,
        result: await runHook(hook, tenants, context, signal),
      }))
      const findings = results.map(({ tenants, result }) => judgeResult(hook, tenants, result))
      const passed = findings.filter(finding => finding.verdict === 'passed').length
      return answerFromFindings(findings, {
        value: `exit 0 in ${passed} of ${countOf(results.length, 'call')}`,
        threshold: `exit 0 within ${hook.timeoutSeconds} s`,
      })
    },
  }
}

function runHook(
  hook: HookSettings,
  tenants: readonly Tenant[],
  { hooks, runId, group }: SmokeContext,
  signal: AbortSignal,
): Promise<HookResult> {
  const facts = {
    runId,
    group,
    tenants: tenants.map(({ name, cluster, database }) => ({ tenant: name, cluster, database })),
  }
  return hooks.run({ command: hook.command, facts, timeoutMs: hook.timeoutSeconds * 1000 }, signal)
}

function judgeResult(hook: HookSettings, tenants: readonly Tenant[], result: HookResult): Finding {
  const [only] = hook.per === 'tenant' ? tenants : []
  const finding = (verdict: 'passed' | 'failed' | 'inconclusive', fact: string, remedy: string): Finding => ({
    verdict,
    evidence: only ? { tenant: only.name, fact } : { fact },
    remedy,
  })
  switch (result.status) {
    case 'exited':
      if (result.exitCode === 0) return finding('passed', 'exit 0', '')
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

function runItself(hook: HookSettings): string {
  // The arguments stay out: they may hold what lockstep.yml took from the environment.
  return `Run it by hand, with its arguments from lockstep.yml: ${hook.command[0]}`
}

/** What a hook wrote last usually says why; error output first. */
function describeOutput({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n')
  const text = toOneLine(lines.slice(-5).join(' / '))
  return text === '' ? '' : `: ${text}`
}
