import { countOf, listNames } from '../../shared/text/plain-words.ts'
import type { OtherRun } from '../engine/open-runs/split-votes.ts'

/** What another project's run has left on the servers of this one, and what that means here. */
export function describeOtherRun({ runId, project, votes }: OtherRun): string {
  const whose = project === null ? ' (its log is not here)' : ` of project ${project}`
  const servers = listNames([...new Set(votes.map(vote => vote.server))])
  const databases = listNames([...new Set(votes.map(vote => vote.database))])
  const [holds, takes] = votes.length === 1 ? ['It locks', 'takes'] : ['They lock', 'take']
  return [
    `Run ${runId}${whose} has ${countOf(votes.length, 'vote')} prepared on ${servers}, in ${databases}.`,
    `${holds} no tenant of this project, but ${takes} ${countOf(votes.length, 'prepared slot')}; whoever ran it recovers it there.`,
  ].join(' ')
}
