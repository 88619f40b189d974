import pc from 'picocolors'
import type { Quarantine } from '../../../shared/analysis/schema-class.ts'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { toOneLine } from '../../../shared/text/plain-words.ts'
import type { UnreadableTenant } from '../../../shared/topology/topology.ts'
import { surveyDrift } from '../../app/drift/survey-drift.ts'
import { standardError, standardOutput } from '../../host/output/safe-output.ts'
import { openProject } from '../../host/project/open-project.ts'
import { withMigrations } from '../../host/wiring/with-engine.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { readGlobals } from '../arguments/read-globals.ts'
import { formatClasses } from '../format/format-classes.ts'
import { printJson } from '../output/print-json.ts'

interface DriftOptions {
  readonly tenants?: readonly string[]
  readonly json?: boolean
  readonly fail?: boolean
}

/** Reading takes some tenths of a second a tenant: a line now and then says that it goes on. */
const tenantsPerLine = 50

/** `lockstep drift`: which tenants look alike, and how the others differ. */
export const driftVerb: AddVerb = (program, setExitCode) => {
  program
    .command('drift')
    .summary('show which tenants have the same schema, and object by object how the others differ')
    .description(
      'Groups tenants by revision and by a fingerprint of their whole catalog, and compares one tenant of each smaller class with one of the largest. Nothing is locked or changed.',
    )
    .option('--tenants <name...>', 'only these tenants; * and ? match')
    .option('--json', 'classes with the definitions, as one JSON document on stdout')
    .option(
      '--fail',
      'exit with 3 when a tenant differs that is not in quarantine (drift.quarantine), or cannot be read',
    )
    .addHelpText(
      'before',
      `Examples:
  lockstep drift
  lockstep drift --tenants 'acme*'
  lockstep drift --fail                 in a nightly job: 0 while all tenants of a revision have the same schema, 3 otherwise
  lockstep drift --json | jq '.classes[] | select(.isMain | not)'
`,
    )
    .action(async (options: DriftOptions, command) => {
      const project = await openProject(readGlobals(command), new AbortController().signal)
      const survey = await withMigrations(project, ports =>
        surveyDrift(project, ports, options.tenants ?? [], tellProgress, new AbortController().signal),
      )
      if (options.json) printJson(survey)
      else {
        const { classes, quarantined, unreadable } = survey
        standardOutput.write(
          formatClasses(classes) + formatQuarantine(quarantined) + formatUnreadable(unreadable),
        )
      }
      if (options.fail && survey.outliers.length + survey.unreadable.length > 0) setExitCode(3)
    })
}

function tellProgress(done: number, total: number): void {
  if (done % tenantsPerLine === 0 && done < total)
    standardError.write(`${done} of ${total} tenants are read\n`)
}

function formatQuarantine(quarantined: readonly Quarantine[]): string {
  const lines = quarantined.map(
    ({ tenant, reason }) => `  ${toOneLine(tenant)}  ${pc.dim(toOneLine(reason))}\n`,
  )
  return lines.length === 0 ? '' : `\nin quarantine, left alone by runs\n${lines.join('')}`
}

function formatUnreadable(unreadable: readonly UnreadableTenant[]): string {
  const lines = unreadable.map(({ tenant, failure }) => {
    const { what, why } = describeFailure(failure)
    return `  ${toOneLine(tenant)}  ${what} ${pc.dim(why)}\n`
  })
  return lines.length === 0 ? '' : `\nnot compared, cannot be read\n${lines.join('')}`
}
