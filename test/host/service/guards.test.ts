import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GuardFacts, guardRequest } from '../../../electron/engine/approval/guard-request.ts'
import { isChanging, isRequestName } from '../../../electron/host/service/interface/request-risks.ts'
import type { ChangingRequest } from '../../../shared/api/engine-api.ts'
import type { PlanRecord } from '../../../shared/api/plan-view.ts'
import { requests } from '../../../shared/api/requests.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import type { ActiveRun } from '../../../shared/api/session-view.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import { sampleInputs } from './sample-inputs.ts'
import { openService } from './service-bench.ts'

const changing = Object.keys(requests).filter(isRequestName).filter(isChanging)

const { planId } = sampleInputs['plan.approve']
const { runId } = sampleInputs['run.pause']
const plan: PlanRecord = {
  planId,
  madeAt: '2026-01-01T00:00:00.000Z',
  state: 'waiting',
  decision: null,
  moved: [],
  runId: null,
}
const run: RunSummary = {
  runId,
  project: 'shop',
  startedAt: null,
  outcome: null,
  exitCode: null,
  alive: false,
  damage: null,
  isImported: false,
}
const active: ActiveRun = { runId, startedAt: null, control: 'running', isOurs: true }
const allowed: GuardFacts = {
  readOnly: false,
  environment: { name: 'shop', protection: 'shared', why: 'lockstep.yml says so' },
  activeRun: null,
  plan,
  run,
}

/** Facts under which a request is let through, and facts under which it must be refused: a request without both does not compile. */
const cases: {
  readonly [Name in ChangingRequest]: {
    readonly passes: Partial<GuardFacts>
    readonly refused: readonly (readonly [Partial<GuardFacts>, Failure['kind']])[]
  }
} = {
  'project.open': { passes: {}, refused: [[{ activeRun: active }, 'not_possible']] },
  'demo.open': { passes: {}, refused: [[{ activeRun: active }, 'not_possible']] },
  'plan.make': { passes: {}, refused: [[{ environment: null }, 'project_missing']] },
  'plan.check': {
    passes: {},
    refused: [
      [{ environment: null }, 'project_missing'],
      [{ plan: null }, 'plan_unknown'],
    ],
  },
  'plan.rehearse': {
    passes: {},
    refused: [
      [{ environment: null }, 'project_missing'],
      [{ plan: null }, 'plan_unknown'],
    ],
  },
  'plan.approve': {
    passes: {},
    refused: [[{ plan: null }, 'plan_unknown'], [{ environment: null }, 'project_missing'], ...decided()],
  },
  'plan.reject': { passes: {}, refused: [[{ plan: null }, 'plan_unknown'], ...decided()] },
  'run.start': {
    passes: { plan: { ...plan, state: 'approved' } },
    refused: [
      [{ plan: null }, 'plan_unknown'],
      [{ plan }, 'approval_missing'],
      [{ plan: { ...plan, state: 'void' } }, 'not_possible'],
      [{ plan: { ...plan, state: 'rejected' } }, 'not_possible'],
      [{ plan: { ...plan, state: 'started' } }, 'not_possible'],
      [{ activeRun: active }, 'not_possible'],
      [{ environment: null }, 'project_missing'],
      [{ environment: production() }, 'confirmation_missing'],
    ],
  },
  'run.pause': {
    passes: { activeRun: active },
    refused: [[{ activeRun: null }, 'not_possible'], ...otherControls('pausing', 'paused', 'aborting')],
  },
  'run.resume': {
    passes: { activeRun: { ...active, control: 'paused' } },
    refused: [[{ activeRun: null }, 'not_possible'], ...otherControls('running', 'aborting')],
  },
  'run.abort': {
    passes: { activeRun: active },
    refused: [[{ activeRun: null }, 'not_possible'], ...otherControls('aborting')],
  },
  'run.recover': {
    passes: {},
    refused: [
      [{ run: null }, 'run_unknown'],
      [{ run: { ...run, alive: true } }, 'not_possible'],
      [{ run: { ...run, isImported: true } }, 'not_possible'],
      [{ run: { ...run, outcome: 'migrated' } }, 'not_possible'],
      [{ activeRun: active }, 'not_possible'],
    ],
  },
  'rollback.propose': {
    passes: { run: { ...run, outcome: 'migrated' } },
    refused: [[{ environment: null }, 'project_missing'], ...notToUndo()],
  },
  'rollback.start': {
    passes: { run: { ...run, outcome: 'migrated' } },
    refused: [
      [{ environment: null }, 'project_missing'],
      [{ environment: production() }, 'confirmation_missing'],
      ...notToUndo(),
    ],
  },
  'run.import': { passes: {}, refused: [] },
  // How a dashboard looks is nobody's data.
  'preferences.write': { passes: {}, refused: [] },
  'secret.write': { passes: {}, refused: [[{ environment: null }, 'project_missing']] },
  'secret.forget': { passes: {}, refused: [[{ environment: null }, 'project_missing']] },
}

describe('the guard of each request that changes something', () => {
  it.each(changing)('lets %s through where it may be done', name => {
    expect(guard(name, cases[name].passes)).toBeNull()
  })

  it.each(changing)('refuses %s in every wrong state', name => {
    for (const [facts, kind] of cases[name].refused) {
      expect(guard(name, { ...cases[name].passes, ...facts }), JSON.stringify(facts)).toMatchObject({ kind })
    }
  })

  it.each(changing.filter(name => name !== 'preferences.write'))('refuses %s when it may only read', name => {
    expect(guard(name, { ...cases[name].passes, readOnly: true })).toMatchObject({ kind: 'read_only' })
  })
})

describe('what a person has to confirm', () => {
  const confirmed = changing.filter(name => 'confirmation' in sampleInputs[name])

  it.each(confirmed)('is demanded of %s before it changes production', name => {
    const facts = { ...allowed, ...cases[name].passes, environment: production() }
    const input = { ...sampleInputs[name], confirmation: null }
    expect(guardRequest(name, input as never, facts)).toMatchObject({ kind: 'confirmation_missing' })
    const named = { kind: 'named', environment: 'shop', reason: 'the release of today' }
    expect(guardRequest(name, { ...input, confirmation: named } as never, facts)).toBeNull()
  })
})

describe('the service', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-guards-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('refuses every request that changes something when it may only read', async () => {
    const { service, client } = openService(null, folder, { readOnly: true })
    for (const name of changing.filter(one => one !== 'preferences.write')) {
      expect(await client.refusal(name, sampleInputs[name]), name).toMatchObject({ kind: 'read_only' })
    }
    await service.close()
  })

  it('refuses every request about a project while none is open', async () => {
    const { service, client } = openService(null, folder)
    const about = changing.filter(name => /^(plan|run|rollback|secret)\./.test(name) && name !== 'run.import')
    for (const name of about) {
      const { kind } = await client.refusal(name, sampleInputs[name])
      expect(['project_missing', 'plan_unknown', 'run_unknown', 'not_possible'], name).toContain(kind)
    }
    await service.close()
  })

  it('refuses what is not in the contract, whatever it is called', async () => {
    const { service } = openService(null, folder)
    const client = service.connect(() => undefined)
    for (const name of ['run.delete', 'toString', '__proto__', 'constructor', '']) {
      const reply = await client.request(name, {})
      expect(reply, name).toMatchObject({ ok: false, failure: { kind: 'request_invalid' } })
    }
    await service.close()
  })
})

function guard(name: ChangingRequest, facts: Partial<GuardFacts>): Failure | null {
  return guardRequest(name, sampleInputs[name] as never, { ...allowed, ...facts })
}

function notToUndo(): readonly (readonly [Partial<GuardFacts>, Failure['kind']])[] {
  return [
    [{ run: null }, 'run_unknown'],
    [{ run }, 'not_possible'],
    [{ run: { ...run, outcome: 'migrated', isImported: true } }, 'not_possible'],
    [{ run: { ...run, outcome: 'rolled_back' } }, 'not_possible'],
    [{ run: { ...run, outcome: 'migrated', undoes: runId } }, 'not_possible'],
    [{ activeRun: active }, 'not_possible'],
  ]
}

function decided(): readonly (readonly [Partial<GuardFacts>, Failure['kind']])[] {
  const states = ['approved', 'rejected', 'void', 'started'] as const
  return states.map(state => [{ plan: { ...plan, state } }, 'not_possible'] as const)
}

function otherControls(
  ...controls: readonly ActiveRun['control'][]
): readonly (readonly [Partial<GuardFacts>, Failure['kind']])[] {
  return controls.map(control => [{ activeRun: { ...active, control } }, 'not_possible'] as const)
}

function production(): GuardFacts['environment'] {
  return { name: 'shop', protection: 'production', why: 'lockstep.yml says so' }
}
