import { mapConcurrently } from '../../../shared/map-concurrently.ts'
import { type ExecutionContext, findTenant } from '../run-context.ts'

/** Notes for each committed tenant with a copy from where on rows are others'; where that fails, nothing is known. */
export async function noteWrites(
  context: ExecutionContext,
  committed: readonly string[],
  copied: ReadonlySet<string>,
): Promise<void> {
  const { writes, recorder, topology, config } = context
  if (!writes) return
  const signal = AbortSignal.timeout(config.execution.settleSeconds * 1_000)
  await mapConcurrently(
    committed.filter(tenant => copied.has(tenant)),
    4,
    async tenant => {
      const noted = await writes
        .conclude(findTenant(topology, tenant), signal)
        .catch(() => ({ known: false, why: 'the counters could not be read after the commit' }) as const)
      const volatile = noted.known ? { baseline: noted.baseline, mark: noted.mark } : {}
      const why = noted.known ? '' : noted.why
      await recorder.tryRecord({ type: 'writes.noted', tenant, known: noted.known, why, volatile })
    },
  )
}
