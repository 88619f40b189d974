import { parseGid } from '../../../naming/gid.ts'
import type { Finding } from '../../checks/finding.ts'
import type { GateContext } from '../../checks/gate.ts'

/** Transactions that another run has left prepared anywhere on a server: that run has to be recovered first. */
export async function findLeftovers(
  { prepared, runId }: Pick<GateContext, 'prepared' | 'runId'>,
  server: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const transactions = await prepared.list(server, signal)
  return transactions
    .filter(({ gid }) => gid.startsWith('lockstep:') && parseGid(gid)?.runId !== runId)
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
