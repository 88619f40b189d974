import { reportJsonSchema } from '../../../shared/report/report-schema.ts'
import type { AddVerb } from '../add-verb.ts'
import { printJson } from '../print-json.ts'

/** `lockstep schema`: the JSON Schema of report.json and of `run --json`. */
export const schemaVerb: AddVerb = program => {
  program
    .command('schema')
    .summary('print the JSON Schema (2020-12) of report.json')
    .addHelpText('before', 'Examples:\n  lockstep schema > report.schema.json\n')
    .action(() => printJson(reportJsonSchema()))
}
