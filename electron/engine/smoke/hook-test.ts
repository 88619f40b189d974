import { countOf } from '../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { SmokeSettings } from '../../settings/policy.ts'
import { answerFromFindings } from '../checks/finding.ts'
import { judgeExecutable } from '../checks/judge-executable.ts'
import type { SmokeContext, SmokeTest } from '../checks/smoke-test.ts'
import type { HookResult } from '../ports/hooks.ts'

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
      const findings = results.map(({ tenants, result }) => {
        const [only] = hook.per === 'tenant' ? tenants : []
        return judgeExecutable(hook, only?.name ?? null, result)
      })
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
