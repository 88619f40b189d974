import type { PhaseProse } from '../../../shared/api/protocol-view.ts'
import { type GateName, gateNames } from '../../../shared/plan/verdict.ts'
import { listEffectivePolicy, type Setting } from '../../config/list-settings.ts'
import type { ReadConfig } from '../../config/parse-config.ts'
import { conflictWords } from '../../engine/conflicts/conflict.ts'
import { allRules } from '../../engine/lint/all-rules.ts'
import type { LintRule } from '../../engine/lint/rule/lint-rule.ts'
import { gateSpecs } from '../../settings/gate-specs.ts'
import { exitCodeWords } from './exit-code-words.ts'

/** What can be said about one thing by its name. */
export interface Explanation {
  readonly kind: 'gate' | 'rule' | 'conflict' | 'phase' | 'exit code'
  readonly name: string
  readonly title: string
  readonly why: string
  /** Empty where there is nothing to do. */
  readonly remedy: string
  /** What decides about it, with the values that are in force here. */
  readonly settings: readonly Setting[]
  /** How to let it pass all the same; empty where that cannot be. */
  readonly waive: string
  readonly example: { readonly bad: string; readonly good: string } | null
}

const nothing = { why: '', remedy: '', settings: [], waive: '', example: null }

/** Everything that has a name in an answer, with the policy that is in force. */
export function listExplanations(policy: ReadConfig, prose: readonly PhaseProse[]): readonly Explanation[] {
  const settings = listEffectivePolicy(policy)
  return [
    ...gateNames.map(name => explainGate(name, settings)),
    ...allRules.map(explainRule),
    ...Object.entries(conflictWords).map(([name, { why, remedy }]) => ({
      ...nothing,
      kind: 'conflict' as const,
      name,
      title: name.replaceAll('_', ' '),
      why,
      remedy,
    })),
    ...prose.map(({ phase, heading, prose: why }) => ({
      ...nothing,
      kind: 'phase' as const,
      name: phase,
      title: heading,
      why,
    })),
    ...Object.entries(exitCodeWords).map(([name, title]) => ({
      ...nothing,
      kind: 'exit code' as const,
      name,
      title,
    })),
  ]
}

function explainGate(name: GateName, settings: readonly Setting[]): Explanation {
  const { title, why, remedy, waivable, furtherSettings } = gateSpecs[name]
  const parts = [`gates.${name}.`, ...furtherSettings]
  return {
    ...nothing,
    kind: 'gate',
    name,
    title,
    why,
    remedy,
    settings: settings.filter(({ path }) => parts.some(part => path.startsWith(part))),
    waive: waivable ? `waivers: [{ gate: ${name}, reason: why this is accepted }]` : '',
  }
}

function explainRule({ name, title, why, remedy, example }: LintRule): Explanation {
  const waive = `-- lockstep: allow ${name}: why this is accepted\n(or lint.waivers: [{ rule: ${name}, reason: why this is accepted }])`
  return { ...nothing, kind: 'rule', name, title, why, remedy, waive, example }
}
