import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { ServiceContext } from '../context/service-context.ts'

/** Refuses what would wait for the locks of a run at work, also of one of another process. */
export async function refuseWhileAtWork(
  { runs, listActive }: Pick<ServiceContext, 'runs' | 'listActive'>,
  action: string,
  so: string,
): Promise<void> {
  if (!runs.isBusy && (await listActive()).length === 0) return
  const reason = `A run is at work: its votes lock tables, so ${so}.`
  throw new LockstepError({ kind: 'not_possible', action, reason })
}
