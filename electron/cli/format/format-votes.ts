import type { VoteToEnd } from '../../../shared/failure/recovery-failure.ts'
import { parseGid } from '../../naming/gid.ts'

/** Every vote that a person has to end, by its group, with the statements that end it. */
export function formatVotes(votes: readonly VoteToEnd[]): string {
  const groups = new Map<string, VoteToEnd[]>()
  for (const vote of votes) {
    const group = parseGid(vote.gid)?.group ?? '-'
    groups.set(group, [...(groups.get(group) ?? []), vote])
  }
  return [...groups].map(([group, members]) => `group ${group}\n${members.map(formatVote).join('')}`).join('')
}

function formatVote({ database, gid, server, owner }: VoteToEnd): string {
  const where = server === undefined ? '' : ` on ${server}`
  const who = owner === undefined ? '' : `, as ${owner} or a superuser`
  return [
    `  in database ${database}${where}${who}:`,
    `    commit prepared '${gid}';`,
    `    rollback prepared '${gid}';`,
    '',
  ].join('\n')
}
