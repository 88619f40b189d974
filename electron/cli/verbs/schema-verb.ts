import { LockstepError } from '../../../shared/failure/failure.ts'
import { configJsonSchema, protocolJsonSchema } from '../../config/config-json-schema.ts'
import { hookFactsJsonSchema } from '../../config/hook-facts.ts'
import { reportJsonSchema } from '../../reports/report-schema.ts'
import type { AddVerb } from '../arguments/add-verb.ts'
import { suggest } from '../arguments/suggest.ts'
import { printJson } from '../output/print-json.ts'

const schemas = new Map([
  ['report', reportJsonSchema],
  ['config', configJsonSchema],
  ['protocol', protocolJsonSchema],
  ['hook-facts', hookFactsJsonSchema],
])

/** `lockstep schema`: the JSON Schemas of what Lockstep reads and writes. */
export const schemaVerb: AddVerb = program => {
  program
    .command('schema')
    .argument('[what]', `one of ${[...schemas.keys()].join(', ')}`, 'report')
    .summary('print a JSON Schema (2020-12): of reports, lockstep.yml, protocols or facts for hooks')
    .addHelpText(
      'before',
      `Examples:
  lockstep schema > report.schema.json              report.json and run --json
  lockstep schema config > lockstep.schema.json     lockstep.yml, for completion in editors
  lockstep schema protocol                          the blocks of a SKILL.md
  lockstep schema hook-facts                        what a hook reads on standard input
`,
    )
    .action((what: string) => {
      const schema = schemas.get(what)
      if (!schema)
        throw new LockstepError({
          kind: 'usage',
          problem: `no schema "${what}"`,
          fix: suggest(what, [...schemas.keys()]),
        })
      printJson(schema())
    })
}
