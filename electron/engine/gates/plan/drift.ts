import type { SchemaClass } from '../../../../shared/analysis/schema-class.ts'
import { countOf, formatHeads, listNames, toOneLine } from '../../../../shared/text/plain-words.ts'
import { signOf } from '../../../catalog/diff-catalog.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate } from '../../checks/gate.ts'

const threshold = 'one class of schemas per revision'
const shownObjects = 3

/** Warns of tenants whose schema is not that of the others at their revision, or stops there when told to. */
export const drift: Gate = {
  ...nameGate('drift'),
  async judge({ analysis, drift: settings }) {
    const { classes } = analysis
    const outliers = classes.filter(one => !one.isMain)
    const revisions = classes.length - outliers.length
    const tenants = classes.flatMap(one => one.tenants).length
    const value = `${countOf(classes.length, 'class', 'classes')} at ${countOf(revisions, 'revision')}, ${countOf(tenants, 'tenant')}`
    if (classes.length === 0)
      return {
        verdict: 'not_applicable',
        value: 'no tenant was compared',
        threshold,
        evidence: [],
        remedy: '',
      }
    if (outliers.length === 0) return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
    const verdict = settings.onOutlier === 'stop' ? 'failed' : 'warned'
    return answerFromFindings(
      outliers.map(one => describeOutlier(one, verdict)),
      { value, threshold },
    )
  },
}

function describeOutlier(outlier: SchemaClass, verdict: 'failed' | 'warned'): Finding {
  const { tenants, heads, differences } = outlier
  const [only] = tenants.length === 1 ? tenants : []
  const who =
    only === undefined ? `${countOf(tenants.length, 'tenant')} (${listNames(tenants)}) differ` : 'differs'
  const fact = `${who} from the others at ${formatHeads(heads)}${listObjects(differences)}`
  return {
    verdict,
    evidence: only === undefined ? { fact } : { tenant: only, fact },
    remedy: `See how: lockstep drift\nThen repair ${tenants.length === 1 ? 'it' : 'them'} by a revision or by hand, or leave ${tenants.length === 1 ? 'it' : 'them'} out under drift.quarantine in lockstep.yml, with the reason.`,
  }
}

function listObjects(differences: SchemaClass['differences']): string {
  if (differences.length === 0) return '; its schema was not compared object by object'
  const shown = differences
    .slice(0, shownObjects)
    .map(({ change, kind, object }) => `${signOf(change)} ${kind} ${toOneLine(object)}`)
  const rest = differences.length - shown.length
  return `: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
