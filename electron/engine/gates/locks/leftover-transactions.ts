import { parseGid } from '../../../naming/gid.ts'
import type { Finding } from '../../checks/finding.ts'
import type { GateContext } from '../../checks/gate.ts'
import { holdsTenant } from '../../open-runs/split-votes.ts'

/** Transactions that another run has left prepared in the databases of tenants: that run has to be recovered first. */
export async function findLeftovers(
  { prepared, runId, topology }: Pick<GateContext, 'prepared' | 'runId' | 'topology'>,
  server: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const transactions = await prepared.list(server, signal)
  return transactions
    .filter(({ gid }) => gid.startsWith('lockstep:') && parseGid(gid)?.runId !== runId)
    .filter(({ database }) => holdsTenant({ server, database }, topology))
    .map(({ gid, database, ageSeconds }): Finding => {
      const other = parseGid(gid)?.runId
      return {
        verdict: 'failed',
        evidence: {
          server,
          fact: `transaction ${gid} in ${database} is left prepared by another run, ${Math.floor(ageSeconds)} s old`,
        },
        remedy: other ? `lockstep recover ${other}` : 'lockstep recover',
      }
    })
}
