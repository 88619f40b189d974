import { z } from 'zod'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import type { GateAnswer } from '../../shared/plan/verdict.ts'
import type { GroupState, PhaseState, RunState, TenantState } from '../../shared/run/run-state.ts'
import { millisecondsBetween } from '../../shared/text/milliseconds-between.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'
import { listReplicas } from './list-replicas.ts'
import { type Report, reportVersion } from './report-schema.ts'
import { isRollbackRequired, summarizeRun } from './summarize-run.ts'

/** What a report says about the log that it was made from. */
export interface LogProof {
  /** Hash of the last line; null when the log was not at hand. */
  readonly headHash: string | null
  /** The run that undid this one, where it is known. */
  readonly undoneBy?: string | null
}

/** Makes the report of a run, finished or not, from its state. */
export function buildReport(state: RunState, proof: LogProof): Report {
  const startedAt = state.startedAt ?? state.lastAt ?? new Date(0).toISOString()
  return {
    schema_version: reportVersion,
    tool: { name: 'lockstep', version: state.toolVersion },
    project: state.project,
    execution_id: state.runId ?? '',
    timestamp: startedAt,
    finished_at: state.finishedAt,
    undoes: state.intent?.undoes ?? null,
    undone_by: proof.undoneBy ?? null,
    outcome: state.outcome,
    exit_code: state.exitCode,
    failure: reportFailure(state.failure),
    phase_logs: state.phases.map(phase => reportPhase(phase, state.lastAt)),
    summary: summarizeRun(state),
    plan_id: state.plan?.planId ?? null,
    source: state.source?.source ?? state.plan?.source ?? null,
    target: [...(state.plan?.target ?? [])],
    gates: state.gates.map(({ gate, momentary, answer, durationMs }) => ({
      gate,
      momentary,
      ...reportAnswer(answer, durationMs),
    })),
    smoke_tests: state.smokeTests.map(({ test, group, answer, durationMs }) => ({
      test,
      group,
      ...reportAnswer(answer, durationMs),
    })),
    hooks: state.hooks.map(({ answer, durationMs, ...place }) => ({
      ...place,
      ...reportAnswer(answer, durationMs),
    })),
    groups: state.groups.map(reportGroup),
    tenants: state.tenants.map(reportTenant),
    servers: state.servers.map(reportServer),
    replicas: listReplicas(state, reportFailure),
    statements: state.statements.map(statement => ({
      revision: statement.revision,
      index: statement.index,
      sql: statement.sql,
      executions: statement.executions,
      total_ms: roundTenth(statement.totalMs),
      slowest_ms: statement.slowestMs,
      slowest_tenant: statement.slowestTenant,
    })),
    approvals: state.approvals.map(({ planId, how, by, at }) => ({ plan_id: planId, how, by, at })),
    rollback: {
      required: isRollbackRequired(state),
      proven: state.proofs.length === 0 ? null : state.proofs.every(proven => proven.equal),
      tenants: state.proofs.map(({ tenant, equal, before, found }) => ({ tenant, equal, before, found })),
    },
    recoveries: state.counters.recoveries,
    log_events: state.lastSeq,
    log_head: proof.headHash,
  }
}

function reportFailure(failure: Failure | null): Report['failure'] {
  if (failure === null) return null
  const { kind, ...rest } = failure
  const facts = Object.entries(rest).map(([key, value]) => [key, z.json().catch(null).parse(value)] as const)
  return { kind, ...describeFailure(failure), facts: Object.fromEntries(facts) }
}

function reportServer(server: ServerObservation): Report['servers'][number] {
  return {
    server: server.server,
    cluster: server.cluster,
    declared_role: server.declaredRole,
    role: server.role,
    way: server.way ?? null,
    endpoint: server.endpoint,
    version: server.version,
    system_identifier: server.systemIdentifier,
    failure: reportFailure(server.failure),
  }
}

function reportPhase(phase: PhaseState, lastAt: string | null): Report['phase_logs'][number] {
  return {
    phase: phase.phase,
    status: phase.status,
    message: phase.message,
    duration_ms:
      phase.durationMs ?? millisecondsBetween(phase.startedAt, phase.finishedAt ?? lastAt ?? phase.startedAt),
    group: phase.group,
  }
}

function reportAnswer(answer: GateAnswer | null, durationMs: number | null) {
  return {
    verdict: answer?.verdict ?? null,
    value: answer?.value ?? '',
    threshold: answer?.threshold ?? '',
    evidence: (answer?.evidence ?? []).map(({ tenant, server, fact }) => ({
      tenant: tenant ?? null,
      server: server ?? null,
      fact,
    })),
    remedy: answer?.remedy ?? '',
    duration_ms: durationMs,
  }
}

function reportGroup(group: GroupState): Report['groups'][number] {
  return {
    group: group.group,
    wave: group.wave,
    mode: group.mode,
    tenants: [...group.tenants],
    decision: group.decision,
    result: group.result,
    window_ms: group.windowMs,
    failure: reportFailure(group.failure),
  }
}

function reportTenant(tenant: TenantState): Report['tenants'][number] {
  return {
    tenant: tenant.tenant,
    cluster: tenant.cluster,
    database: tenant.database,
    group: tenant.group,
    state: tenant.status,
    from: [...tenant.from],
    to: [...tenant.to],
    attempts: tenant.attempts,
    statements: tenant.statements,
    duration_ms:
      tenant.startedAt === null || tenant.finishedAt === null
        ? null
        : millisecondsBetween(tenant.startedAt, tenant.finishedAt),
    fingerprint_before: tenant.fingerprintBefore,
    fingerprint_after: tenant.fingerprintAfter,
    failure: reportFailure(tenant.failure),
  }
}

function roundTenth(value: number): number {
  return Math.round(value * 10) / 10
}
