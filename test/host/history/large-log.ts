import { closeSync, openSync, writeSync } from 'node:fs'
import type { RunFact } from '../../../shared/run/run-event.ts'
import { createChain } from './log-folder.ts'

/** Facts of a migration of many tenants, without end: what a large log is made of. */
export function* endlessFacts(tenants: number): Generator<RunFact> {
  const started: RunFact = {
    type: 'run.started',
    project: 'acme',
    toolVersion: '0.1.0',
    intent: { verb: 'run', target: [], tenants: [] },
    volatile: {},
  }
  yield started
  yield { type: 'phase.started', phase: 'migration_execution', group: 'rest' }
  for (let round = 0; ; round += 1) {
    const tenant = `tenant-${String(round % tenants).padStart(4, '0')}`
    const of = { group: 'rest', tenant }
    yield { type: 'tenant.started', ...of, from: ['0001'], to: ['0002'], volatile: {} }
    for (let index = 1; index <= 6; index += 1) {
      const sql = `alter table orders add column note_${index} text`
      yield {
        type: 'statement.executed',
        ...of,
        revision: '0002',
        index,
        sql,
        volatile: { durationMs: index },
      }
    }
    if (round % 97 === 5) {
      yield { type: 'tenant.retried', ...of, volatile: { attempt: 1, sqlstate: '55P03' } }
    } else {
      yield { type: 'revision.applied', ...of, revision: '0002', volatile: { durationMs: 31 } }
      yield { type: 'tenant.voting', ...of, volatile: { xid: String(round) } }
    }
  }
}

/** Writes so many chained lines into a file. */
export function writeLargeLog(file: string, runId: string, lines: number, tenants = 1_000): void {
  const chain = createChain(runId)
  const facts = endlessFacts(tenants)
  const handle = openSync(file, 'w')
  try {
    for (let written = 0; written < lines; ) {
      const batch: RunFact[] = []
      for (; batch.length < 5_000 && written < lines; written += 1) {
        const next = facts.next()
        if (!next.done) batch.push(next.value)
      }
      writeSync(handle, chain(batch))
    }
  } finally {
    closeSync(handle)
  }
}
