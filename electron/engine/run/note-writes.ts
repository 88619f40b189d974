import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { type ExecutionContext, findTenant } from '../context/run-context.ts'
import { withIdleDeadline } from '../context/with-idle-deadline.ts'

/** Notes for each committed tenant with a copy from where on rows are others'; where that fails, nothing is known. */
export async function noteWrites(
  context: ExecutionContext,
  committed: readonly string[],
  copied: ReadonlySet<string>,
): Promise<void> {
  const { writes, recorder, topology, config } = context
  if (!writes) return
  const wanted = committed.filter(tenant => copied.has(tenant))
  await withIdleDeadline(config.execution.settleSeconds, idleDeadline =>
    mapConcurrently(wanted, 4, async tenant => {
      const noted = await writes
        .conclude(findTenant(topology, tenant), idleDeadline.signal)
        .catch(() => ({ known: false, why: 'the counters could not be read after the commit' }) as const)
      idleDeadline.renew()
      const event = { type: 'writes.noted', tenant, known: noted.known } as const
      const { known: _known, ...volatile } = noted.known ? noted : { known: false }
      await recorder.tryRecord({ ...event, why: noted.known ? '' : noted.why, volatile })
    }),
  )
}
