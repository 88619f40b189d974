import { countOf, listNames } from '../../../shared/text/plain-words.ts'
import { answerFromFindings, type Finding } from '../checks/finding.ts'
import type { SchemaChange, SmokeTest } from '../checks/smoke-test.ts'

const threshold = 'as many classes of schemas as before, or fewer'

/** Makes sure that tenants which were alike, and went the same way, still are: a run may make a fleet more alike, not less. */
export const schemaClassesTest: SmokeTest = {
  name: 'schema_classes',
  momentary: false,
  async judge({ schemas }) {
    const counts = countByRoute(schemas)
    const sum = (pick: (count: RouteCount) => number): number =>
      counts.reduce((total, count) => total + pick(count), 0)
    const before = sum(count => count.before)
    const value = `${countOf(before, 'class', 'classes')} before, ${sum(count => count.after)} after`
    if (schemas.length === 0)
      return { verdict: 'not_applicable', value: 'no schema was read', threshold, evidence: [], remedy: '' }
    const findings = counts.flatMap(count => (count.after > count.before ? describeSplits(count) : []))
    if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
    const evidence = counts.map(count => ({
      fact: `${count.route}: ${count.before} before, ${count.after} after, ${countOf(count.members.length, 'tenant')}`,
    }))
    return { verdict: 'passed', value, threshold, evidence, remedy: '' }
  },
}

interface RouteCount {
  readonly route: string
  readonly members: readonly SchemaChange[]
  readonly before: number
  readonly after: number
}

function countByRoute(schemas: readonly SchemaChange[]): readonly RouteCount[] {
  const routes = [...new Set(schemas.map(one => one.route))]
  return routes.map(route => {
    const members = schemas.filter(one => one.route === route)
    const count = (pick: (one: SchemaChange) => string): number => new Set(members.map(pick)).size
    return { route, members, before: count(one => one.before), after: count(one => one.after) }
  })
}

/** Each class that fell apart: who ended in what. */
function describeSplits({ route, members }: RouteCount): readonly Finding[] {
  const starts = [...new Set(members.map(one => one.before))]
  return starts.flatMap(start => {
    const group = members.filter(one => one.before === start)
    const ends = [...new Set(group.map(one => one.after))]
    if (ends.length < 2) return []
    const parts = ends.map(end => {
      const names = group.filter(one => one.after === end).map(one => one.tenant)
      return `${listNames(names)} in ${end.slice(0, 12)}`
    })
    const fact = `${route}: ${countOf(group.length, 'tenant')} that were alike ended in ${ends.length} schemas: ${parts.join('; ')}`
    return [{ verdict: 'failed' as const, evidence: { fact }, remedy: 'See what differs: lockstep drift' }]
  })
}
