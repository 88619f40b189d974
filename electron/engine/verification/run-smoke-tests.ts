import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import { allowsRun } from '../../../shared/plan/verdict.ts'
import { judgeSmokeTest } from '../checks/judge-gate.ts'
import type { SchemaChange, SmokeTest } from '../checks/smoke-test.ts'
import { type ExecutionContext, findTenant } from '../context/run-context.ts'
import { listSmokeTests } from '../smoke/list-smoke-tests.ts'
import { createSubscribersTest } from '../smoke/subscribers-test.ts'

/**
 * Runs every smoke test on a committed group, one after another; the failure names those that did not pass.
 * `fingerprints` are those that its tenants have now, by name, as far as they were read.
 */
export async function runSmokeTests(
  context: ExecutionContext,
  group: PlannedGroup,
  fingerprints: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Failure | null> {
  const { recorder, clock, ports, config, topology, runId } = context
  const tenants = group.tenants.map(planned => findTenant(topology, planned.tenant))
  const failed: string[] = []
  for (const test of [...listSubscriberTests(context), ...listSmokeTests(config.smokeTests)]) {
    const startedAt = clock.monotonicMs()
    const answer = await judgeSmokeTest(
      test,
      {
        runId,
        group: group.name,
        tenants,
        topology,
        schemas: listChanges(group, fingerprints),
        settings: config.gates,
        isolation: ports.isolation,
        hooks: ports.hooks,
        http: ports.http,
      },
      signal,
    )
    await recorder.record({
      type: 'smoke.judged',
      test: test.name,
      group: group.name,
      momentary: test.momentary,
      answer,
      volatile: { durationMs: Math.round(clock.monotonicMs() - startedAt) },
    })
    if (!allowsRun(answer.verdict)) failed.push(test.name)
  }
  return failed.length > 0 ? { kind: 'smoke_failed', tests: failed } : null
}

/** Only declared subscribers are looked at: the tables of others cannot be. */
function listSubscriberTests({ config, ports, clock }: ExecutionContext): readonly SmokeTest[] {
  if (!config.servers.some(({ role }) => role === 'subscriber')) return []
  const { subscriberFacts: facts, replicas } = ports
  const { replicaDeadlineSeconds: deadlineSeconds } = config.execution
  return [createSubscribersTest({ facts, currentLsn: replicas.currentLsn, deadlineSeconds, clock })]
}

function listChanges(
  group: PlannedGroup,
  fingerprints: ReadonlyMap<string, string>,
): readonly SchemaChange[] {
  return group.tenants.flatMap(({ tenant, route, fingerprint: before }) => {
    const after = fingerprints.get(tenant)
    return route === null || after === undefined ? [] : [{ tenant, route, before, after }]
  })
}
